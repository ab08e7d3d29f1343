import type { Finding } from '../model/finding.js';
import type { RowOf } from '../model/query.js';
import * as shapes from '../model/queries/populations.js';
import type { ReportScope } from '../model/reporting.js';
import type { Ownership, ReportInput } from './report.js';

/** A certificate of the period, with whose it is. */
export type CertificateOfPeriod = RowOf<typeof shapes.certificatesValid> & Ownership;
/** An endpoint of the period, with whose it is. */
export type EndpointOfPeriod = RowOf<typeof shapes.endpointsObserved> & Ownership;

/** One state a finding was in, and since when. */
export interface FindingRevision {
  readonly changedAt: Date;
  readonly finding: Finding;
}

/** A finding that was open at some moment of the period: every state it was in up to the end of the period. */
export interface FindingOfPeriod {
  readonly id: string;
  /** The last of {@link revisions}. */
  readonly last: Finding;
  readonly revisions: readonly FindingRevision[];
}

/** Parameters of the queries of {@link shapes}. */
export function parametersOf({ from, to, scope }: ReportInput): {
  readonly from: Date;
  readonly to: Date;
  readonly domain: string;
} {
  return { from, to, domain: scope.domain ?? '' };
}

/** Certificates valid at any moment of the period, within the scope, by SHA-256. */
export async function* certificates(input: ReportInput): AsyncGenerator<CertificateOfPeriod> {
  for await (const row of input.streamRows(shapes.certificatesValid, parametersOf(input))) {
    const ownership = input.ownership(row.names);
    // A row is copied for each of a million certificates, many times over: it is completed in place instead.
    if (isInScope(ownership, input.scope)) yield Object.assign(row, ownership);
  }
}

/** Endpoints observed in the period, within the scope, by key. */
export async function* endpoints(input: ReportInput): AsyncGenerator<EndpointOfPeriod> {
  for await (const row of input.streamRows(shapes.endpointsObserved, parametersOf(input))) {
    const ownership = input.ownership([hostOf(row.endpoint)]);
    if (isInScope(ownership, input.scope)) yield { ...row, ...ownership };
  }
}

/** Findings open at some moment of the period, within the scope, by id. */
export async function* findings(input: ReportInput): AsyncGenerator<FindingOfPeriod> {
  let revisions: FindingRevision[] = [];
  let current = '';
  for await (const { id, changedAt, body } of input.streamRows(shapes.findingChanges, parametersOf(input))) {
    if (id !== current) {
      yield* whole(current, revisions, input);
      [current, revisions] = [id, []];
    }
    revisions.push({ changedAt, finding: JSON.parse(body, dates) as Finding });
  }
  yield* whole(current, revisions, input);
}

function* whole(
  id: string,
  revisions: readonly FindingRevision[],
  { from, scope }: ReportInput,
): Generator<FindingOfPeriod> {
  const last = revisions.at(-1);
  if (last === undefined) return;
  const wasOpen = revisions.some(({ finding }, index) => {
    const until = revisions[index + 1]?.changedAt;
    return finding.state !== 'resolved' && (until === undefined || until >= from);
  });
  const { owner, environment, tags, host } = last.finding;
  if (!wasOpen || !isInScope({ owner, environment, tags }, scope)) return;
  if (scope.domain !== null && !isUnder(host ?? '', scope.domain)) return;
  yield { id, last: last.finding, revisions };
}

const dateKeys = new Set(['openedAt', 'lastSeenAt', 'resolvedAt', 'firstSeenAt', 'dueAt', 'until', 'at']);

/** Dates come out of JSON as text. */
function dates(key: string, value: unknown): unknown {
  return dateKeys.has(key) && typeof value === 'string' ? new Date(value) : value;
}

/** True when what belongs to somebody is within the scope. */
export function isInScope({ owner, environment, tags }: Ownership, scope: ReportScope): boolean {
  return (
    (scope.owner === null || scope.owner === owner) &&
    (scope.environment === null || scope.environment === environment) &&
    (scope.tag === null || tags.includes(scope.tag))
  );
}

/** True for the domain itself and every name below it. */
export function isUnder(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** Host of an endpoint's key. */
export function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.indexOf('|'));
}
