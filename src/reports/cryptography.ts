import { findingColumns, findingRows } from './measure/findings.js';
import { keyText } from './measure/columns.js';
import { percent, Tally } from './measure/statistics.js';
import { certificates, endpoints } from './populations.js';
import type { Report, ReportTable } from './report.js';

/** Rules about algorithms, keys and protocols. */
const rules = new Set(
  (
    'weak-key weak-signature compromised-key shared-prime key-reuse unknown-algorithm weak-protocol weak-cipher-suite ' +
    'weak-key-exchange no-forward-secrecy discouraged-algorithm not-post-quantum-ready tls-compression insecure-renegotiation ' +
    'long-lived-tickets early-data-offered'
  ).split(' '),
);

/** Groups of TLS 1.3 with a key encapsulation that quantum computers do not break. */
const postQuantum = /MLKEM|Kyber/i;

/** Which algorithms are in use, and which of them have to go. */
export const cryptography: Report = {
  id: 'cryptography',
  title: 'Cryptography in use',
  description:
    'Keys, signatures, protocol versions, cipher suites and key exchange groups as observed, with what is weak or deprecated and what is ready for post-quantum key exchange.',
  cannotShow: [
    'Whether a cryptographic module is validated (FIPS 140, CMVP): an observation shows algorithms, never the module.',
    'Algorithms that a server would accept but did not choose, where no survey was made.',
  ],
  async build(input) {
    const tallies = {
      keys: new Tally(),
      signatures: new Tally(),
      versions: new Tally(),
      suites: new Tally(),
    };
    const groups = new Tally();
    let ready = 0;
    for await (const certificate of certificates(input)) {
      if (certificate.endpointCount === 0) continue;
      tallies.keys.add(keyText(certificate));
      tallies.signatures.add(certificate.signatureAlgorithm || 'unreadable');
    }
    for await (const { tlsVersion, tlsCipher, tlsGroup } of endpoints(input)) {
      if (tlsVersion === null) continue;
      tallies.versions.add(tlsVersion);
      tallies.suites.add(tlsCipher ?? 'not recorded');
      groups.add(tlsGroup ?? 'not recorded');
      if (tlsGroup !== null && postQuantum.test(tlsGroup)) ready += 1;
    }
    const modern = tallies.versions
      .entries()
      .filter(([version]) => version === 'TLSv1.2' || version === 'TLSv1.3')
      .reduce((sum, [, count]) => sum + count, 0);
    return {
      figures: [
        { label: 'Endpoints that answered', value: tallies.versions.total, unit: 'endpoints' },
        { label: 'Negotiated TLS 1.2 or 1.3', value: percent(modern, tallies.versions.total), unit: '%' },
        {
          label: 'Negotiated a post-quantum group',
          value: percent(ready, tallies.versions.total),
          unit: '%',
        },
      ],
      tables: [
        tallyTable('keys', 'Keys of served certificates', tallies.keys),
        tallyTable('signatures', 'Signatures of served certificates', tallies.signatures),
        tallyTable('versions', 'Protocol versions negotiated', tallies.versions),
        tallyTable('suites', 'Cipher suites negotiated', tallies.suites),
        tallyTable('groups', 'Key exchange groups negotiated', groups),
        {
          id: 'findings',
          title: 'Findings about cryptography',
          note: 'Open at some moment of the period.',
          columns: findingColumns,
          rows: () => findingRows(input, ({ last }) => rules.has(last.rule)),
        },
      ],
    };
  },
};

function tallyTable(id: string, title: string, tally: Tally): ReportTable {
  return {
    id,
    title,
    note: 'Most first.',
    columns: [
      { key: 'value', title: title.split(' ')[0] ?? title },
      { key: 'count', title: 'Count', isNumber: true },
      { key: 'share', title: 'Share, %', isNumber: true },
    ],
    rows: async function* () {
      for (const [value, count] of tally.entries())
        yield { value, count, share: percent(count, tally.total) };
    },
  };
}
