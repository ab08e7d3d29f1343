import type { IncidentRecord } from '../../model/emergency.js';
import { percent } from '../measure/statistics.js';
import { endpointPlace, placeColumns } from '../measure/place.js';
import type { Report, ReportTable, Row } from '../report.js';
import { assess, type Assessment } from './affected.js';

const what = {
  key: 'every certificate with this key',
  issuer: 'every certificate of this issuer',
  intermediate: 'every certificate issued by, or served with, this intermediate',
  ca: 'every certificate of this CA and of the CAs below it',
  log: 'every certificate that this log has an entry for',
} as const;

/** The report of one incident: what is affected, whose it is, what to replace first, and how far that is. */
export function incidentReport(incident: IncidentRecord): Report {
  const { kind, value, drill, note } = incident;
  return {
    id: 'incident',
    title: `${drill ? 'Drill' : 'Incident'}: ${kind} ${value}`,
    description: `${drill ? 'An exercise, not an incident. ' : ''}Affected is ${what[kind]}, as far as Certglass knows it.${note === '' ? '' : ` ${note}`}`,
    cannotShow: [
      'Certificates that are neither served within the scan scope nor logged.',
      'Copies of a private key, and clients that pin a key or an issuer.',
      ...(kind === 'log' ? ['Entries of the log that match nothing that is watched.'] : []),
    ],
    async build(input) {
      const assessment = await assess(incident, input);
      const { progress } = assessment;
      const { endpointsServing, endpointsReplaced } = progress;
      const [certificates, endpoints] = ['certificates', 'endpoints'] as const;
      return {
        figures: [
          { label: 'Affected certificates', value: progress.certificates, unit: certificates },
          { label: 'Endpoints still to do', value: endpointsServing, unit: endpoints },
          { label: 'Endpoints done', value: endpointsReplaced, unit: endpoints },
          {
            label: 'Done',
            value: percent(endpointsReplaced, endpointsServing + endpointsReplaced),
            unit: '%',
          },
          { label: 'Reissued, not installed everywhere', value: progress.reissued, unit: certificates },
          { label: 'Replaced everywhere', value: progress.replaced, unit: certificates },
          { label: 'Not served: revoke', value: progress.notServed, unit: certificates },
        ],
        tables: [certificateTable(assessment), ownerTable(assessment), endpointTable(assessment)],
      };
    },
  };
}

const number = { isNumber: true } as const;

function certificateTable({ certificates }: Assessment): ReportTable {
  return {
    id: 'certificates',
    title: 'Certificates, in the order of replacement',
    note: 'Those served by most endpoints that the internet reaches first, then by most endpoints.',
    columns: [
      { key: 'order', title: 'Order', ...number },
      { key: 'state', title: 'State' },
      { key: 'names', title: 'Names' },
      { key: 'owner', title: 'Owner' },
      { key: 'environment', title: 'Environment' },
      { key: 'endpointsPublic', title: 'Public endpoints', ...number },
      { key: 'endpointsServing', title: 'Endpoints', ...number },
      { key: 'endpointsReplaced', title: 'Done', ...number },
      { key: 'hosts', title: 'Served by' },
      { key: 'notAfter', title: 'Valid until' },
      { key: 'issuer', title: 'Issuer' },
      { key: 'serialNumber', title: 'Serial number' },
      { key: 'successor', title: 'Successor' },
      { key: 'spkiSha256', title: 'Key SHA-256' },
      { key: 'sha256', title: 'SHA-256' },
    ],
    rows: async function* (): AsyncGenerator<Row> {
      for (const [index, { tags: _tags, tbsSha256: _tbs, ...row }] of certificates.entries())
        yield { order: index + 1, ...row };
    },
  };
}

function ownerTable({ certificates }: Assessment): ReportTable {
  return {
    id: 'owners',
    title: 'Owners',
    note: 'Most endpoints still to do first.',
    columns: [
      { key: 'owner', title: 'Owner' },
      { key: 'certificates', title: 'Certificates', ...number },
      { key: 'endpointsServing', title: 'Endpoints to do', ...number },
      { key: 'endpointsReplaced', title: 'Endpoints done', ...number },
    ],
    rows: async function* (): AsyncGenerator<Row> {
      const owners = new Map<
        string,
        { certificates: number; endpointsServing: number; endpointsReplaced: number }
      >();
      for (const row of certificates) {
        const name = row.owner ?? 'nobody named';
        const sums = owners.get(name) ?? { certificates: 0, endpointsServing: 0, endpointsReplaced: 0 };
        owners.set(name, {
          certificates: sums.certificates + 1,
          endpointsServing: sums.endpointsServing + row.endpointsServing,
          endpointsReplaced: sums.endpointsReplaced + row.endpointsReplaced,
        });
      }
      const sorted = [...owners].sort(
        ([a, x], [b, y]) => y.endpointsServing - x.endpointsServing || (a < b ? -1 : 1),
      );
      for (const [owner, sums] of sorted) yield { owner, ...sums };
    },
  };
}

function endpointTable({ endpoints }: Assessment): ReportTable {
  return {
    id: 'endpoints',
    title: 'Endpoints',
    note: 'Those that serve an affected certificate, and those that serve another one since the incident was opened.',
    columns: [
      ...placeColumns,
      { key: 'owner', title: 'Owner' },
      { key: 'state', title: 'State' },
      { key: 'since', title: 'Serves it since' },
      { key: 'seenAt', title: 'Last observed' },
      { key: 'serves', title: 'Serves' },
      { key: 'affected', title: 'Affected certificate' },
    ],
    rows: async function* (): AsyncGenerator<Row> {
      for (const { endpoint, isServing, owner, since, seenAt, serves, affected: was } of endpoints)
        yield {
          ...endpointPlace(endpoint),
          owner,
          state: isServing ? 'to do' : 'done',
          since,
          seenAt,
          serves,
          affected: was,
        };
    },
  };
}
