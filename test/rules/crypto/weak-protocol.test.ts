import { weakProtocol } from '../../../src/rules/crypto/weak-protocol.js';
import { anObservation, surveyed, testRule, type Row } from '../support.js';

const accepting = (...names: string[]) =>
  surveyed({ versions: names.map((version) => ({ version, cipherSuites: [], preference: null })) });

testRule(weakProtocol, [
  ...(
    [
      ['SSLv2', 'critical'],
      ['SSLv3', 'error'],
      ['TLSv1', 'error'],
      ['TLSv1.1', 'error'],
    ] as const
  ).map(([version, severity]): Row => ({
    name: `flags ${version} beside newer versions`,
    input: accepting('TLSv1.3', 'TLSv1.2', version),
    expected: { severity },
  })),
  {
    name: 'names every version and where it is forbidden',
    input: accepting('TLSv1.2', 'TLSv1.1', 'SSLv3'),
    expected: {
      details: {
        versions: [
          { version: 'TLSv1.1', source: 'RFC 8996 section 5', severity: 'error' },
          { version: 'SSLv3', source: 'RFC 7568 section 3', severity: 'error' },
        ],
      },
    },
  },
  {
    name: 'flags the version agreed on where there was no survey',
    input: {
      observation: anObservation({
        tls: {
          version: 'TLSv1',
          cipher: null,
          group: null,
          alpn: null,
          clientCertificateRequested: null,
          ocspResponse: null,
        },
      }),
    },
    expected: { severity: 'error' },
  },
  { name: 'passes TLS 1.2 and 1.3', input: accepting('TLSv1.3', 'TLSv1.2'), expected: 'pass' },
  {
    name: 'does not apply where no TLS was spoken',
    input: { observation: anObservation({ tls: null }) },
    expected: 'not-applicable',
  },
]);
