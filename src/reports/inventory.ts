import { certificateColumns, certificateRow } from './measure/columns.js';
import { endpointPlace, placeColumns } from './measure/place.js';
import { certificates, endpoints } from './populations.js';
import type { Report, ReportInput, Row } from './report.js';

/** What was valid, and what answered: the population that everything else is about. */
export const inventory: Report = {
  id: 'inventory',
  title: 'Certificate inventory',
  description: 'Every certificate valid at any moment of the period, and every endpoint observed in it.',
  cannotShow: [
    'Certificates on hosts and ports outside the scan scope that no log shows either.',
    'Who holds the private keys, and how they are protected.',
  ],
  async build(input) {
    const counts = { valid: 0, served: 0, loggedOnly: 0, ownerless: 0, endpoints: 0, answering: 0 };
    for await (const { endpointCount, logCount, owner } of certificates(input)) {
      counts.valid += 1;
      if (endpointCount > 0) counts.served += 1;
      else if (logCount > 0) counts.loggedOnly += 1;
      if (owner === null) counts.ownerless += 1;
    }
    for await (const { answered } of endpoints(input)) {
      counts.endpoints += 1;
      if (answered > 0) counts.answering += 1;
    }
    return {
      figures: [
        { label: 'Certificates valid in the period', value: counts.valid, unit: 'certificates' },
        { label: 'Of these served by an endpoint', value: counts.served, unit: 'certificates' },
        { label: 'Logged, but never served', value: counts.loggedOnly, unit: 'certificates' },
        { label: 'Without an owner', value: counts.ownerless, unit: 'certificates' },
        { label: 'Endpoints observed', value: counts.endpoints, unit: 'endpoints' },
        { label: 'Endpoints that answered with a certificate', value: counts.answering, unit: 'endpoints' },
      ],
      tables: [
        {
          id: 'certificates',
          title: 'Certificates',
          note: 'Valid at any moment of the period and known by its end, by SHA-256.',
          columns: certificateColumns,
          rows: async function* () {
            for await (const certificate of certificates(input)) yield certificateRow(certificate);
          },
        },
        {
          id: 'endpoints',
          title: 'Endpoints',
          note: 'Observed in the period, with what they last served in it.',
          columns: [
            ...placeColumns,
            { key: 'owner', title: 'Owner' },
            { key: 'lastOutcome', title: 'Last outcome' },
            { key: 'tlsVersion', title: 'TLS' },
            { key: 'tlsCipher', title: 'Cipher suite' },
            { key: 'observations', title: 'Observations', isNumber: true },
            { key: 'answered', title: 'With a certificate', isNumber: true },
            { key: 'firstObservedAt', title: 'First observed' },
            { key: 'lastObservedAt', title: 'Last observed' },
            { key: 'certificate', title: 'Certificate' },
          ],
          rows: () => endpointRows(input),
        },
      ],
    };
  },
};

async function* endpointRows(input: ReportInput): AsyncGenerator<Row> {
  for await (const { endpoint, tags: _tags, ...facts } of endpoints(input))
    yield { ...endpointPlace(endpoint), ...facts };
}
