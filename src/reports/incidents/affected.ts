import { groupBy } from '../../lib/group-by.js';
import type { IncidentProgress, IncidentRecord } from '../../model/emergency.js';
import {
  affectedCertificates,
  affectedEndpoints,
  affectedSuccessors,
} from '../../model/queries/incidents.js';
import type { ParametersOf, RowOf } from '../../model/query.js';
import { hostOf, isInScope, isUnder } from '../populations.js';
import type { Ownership, ReportInput } from '../report.js';
import { select } from './select.js';

/** How far the replacement of a certificate is. */
export type AffectedState = 'serving' | 'reissued' | 'replaced' | 'not served' | 'expired';

type Affected = RowOf<typeof affectedCertificates>;
type Move = RowOf<typeof affectedEndpoints>;

/** A certificate of an incident, with whose it is and how far it is replaced. */
export interface AffectedCertificate extends Affected, Ownership {
  readonly state: AffectedState;
  readonly endpointsServing: number;
  /** Of these at addresses that the internet reaches. */
  readonly endpointsPublic: number;
  /** Endpoints that serve another one, which is not affected, since the incident was opened. */
  readonly endpointsReplaced: number;
  /** Hosts that serve it, at most 20. */
  readonly hosts: readonly string[];
  /** SHA-256 of a certificate for the same names that is not affected; null: none was issued since. */
  readonly successor: string | null;
}

/** An endpoint that serves an affected certificate, or where one was replaced since the incident was opened. */
export interface AffectedEndpoint extends Move, Ownership {
  readonly isServing: boolean;
}

/** Everything that an incident is about, as it is now. */
export interface Assessment {
  /** In the order in which to replace them. */
  readonly certificates: readonly AffectedCertificate[];
  /** By key, each once. */
  readonly endpoints: readonly AffectedEndpoint[];
  readonly progress: IncidentProgress;
}

const mostCertificates = 200_000;
const mostHosts = 20;

/** Finds what is affected within the scope of `input`. Throws when that is more than can be handled at once. */
export async function assess(
  { kind, value, openedAt }: Pick<IncidentRecord, 'kind' | 'value' | 'openedAt'>,
  input: ReportInput,
): Promise<Assessment> {
  const parameters = { ...(await select(kind, value, input.streamRows)), from: openedAt };
  const all = new Map<string, Affected>();
  for await (const row of input.streamRows(affectedCertificates, parameters)) {
    all.set(row.sha256, row);
    if (all.size > mostCertificates)
      throw new Error(
        `more than ${mostCertificates} certificates are affected: name an issuer instead of a CA`,
      );
  }
  const successors = await successorsOf(all, parameters, input);
  const moves: Move[] = [];
  for await (const move of input.streamRows(affectedEndpoints, parameters)) {
    const isServing = move.serves === move.affected;
    if (isServing || (!all.has(move.serves) && move.since >= openedAt)) moves.push(move);
  }
  const certificates = certificatesOf(all, moves, successors, input);
  const endpoints = endpointsOf(moves, input);
  return { certificates, endpoints, progress: progressOf(certificates, endpoints) };
}

/** SHA-256 of the newest certificate that is not affected, by names. */
async function successorsOf(
  all: ReadonlyMap<string, Affected>,
  parameters: ParametersOf<typeof affectedSuccessors>,
  { streamRows }: ReportInput,
): Promise<ReadonlyMap<string, string>> {
  const issuances = new Set([...all.values()].map(({ tbsSha256 }) => tbsSha256));
  const found = new Map<string, string>();
  for await (const { sha256, tbsSha256, names } of streamRows(affectedSuccessors, parameters)) {
    const isAffected = all.has(sha256) || (tbsSha256 !== null && issuances.has(tbsSha256));
    if (!isAffected && !found.has(names.join(' '))) found.set(names.join(' '), sha256);
  }
  return found;
}

function certificatesOf(
  all: ReadonlyMap<string, Affected>,
  moves: readonly Move[],
  successors: ReadonlyMap<string, string>,
  input: ReportInput,
): readonly AffectedCertificate[] {
  const places = groupBy(moves, (move) => move.affected);
  const found: AffectedCertificate[] = [];
  for (const row of all.values()) {
    const ownership = input.ownership(row.names);
    if (!isInScope(ownership, input.scope) || !isAbout(row.names, input)) continue;
    const own = places.get(row.sha256) ?? [];
    const serving = own.filter(({ serves }) => serves === row.sha256);
    const counts = {
      endpointsServing: serving.length,
      endpointsPublic: serving.filter(({ isPublic }) => isPublic).length,
      endpointsReplaced: own.length - serving.length,
      hosts: [...new Set(serving.map(({ endpoint }) => hostOf(endpoint)))].slice(0, mostHosts),
      successor: successors.get(row.names.toSorted().join(' ')) ?? null,
    };
    found.push({ ...row, ...ownership, ...counts, state: stateOf({ ...row, ...counts }, input.to) });
  }
  return found.sort(byExposure);
}

/** What the internet reaches first, then what most endpoints serve, then what stays valid longest. */
function byExposure(left: AffectedCertificate, right: AffectedCertificate): number {
  return (
    right.endpointsPublic - left.endpointsPublic ||
    right.endpointsServing - left.endpointsServing ||
    (right.notAfter?.getTime() ?? 0) - (left.notAfter?.getTime() ?? 0) ||
    (left.sha256 < right.sha256 ? -1 : 1)
  );
}

function endpointsOf(moves: readonly Move[], input: ReportInput): readonly AffectedEndpoint[] {
  const byKey = new Map<string, Move>();
  for (const move of moves)
    if (!byKey.has(move.endpoint) || move.serves === move.affected) byKey.set(move.endpoint, move);
  return [...byKey.values()].flatMap((move) => {
    const names = [hostOf(move.endpoint)];
    const ownership = input.ownership(names);
    const isWanted = isInScope(ownership, input.scope) && isAbout(names, input);
    return isWanted ? [{ ...move, ...ownership, isServing: move.serves === move.affected }] : [];
  });
}

function progressOf(
  certificates: readonly AffectedCertificate[],
  endpoints: readonly AffectedEndpoint[],
): IncidentProgress {
  const count = (wanted: AffectedState): number =>
    certificates.filter(({ state }) => state === wanted).length;
  const serving = endpoints.filter(({ isServing }) => isServing).length;
  return {
    certificates: certificates.length,
    serving: count('serving'),
    reissued: count('reissued'),
    replaced: count('replaced'),
    notServed: count('not served'),
    expired: count('expired'),
    endpointsServing: serving,
    endpointsReplaced: endpoints.length - serving,
  };
}

type Counts = Pick<AffectedCertificate, 'endpointsServing' | 'endpointsReplaced' | 'successor' | 'notAfter'>;

/** One that is served counts as such even after it has expired: it has to be replaced all the same. */
function stateOf(
  { endpointsServing, endpointsReplaced, successor, notAfter }: Counts,
  now: Date,
): AffectedState {
  if (endpointsServing > 0) return successor === null ? 'serving' : 'reissued';
  if (endpointsReplaced > 0) return 'replaced';
  return notAfter !== null && notAfter < now ? 'expired' : 'not served';
}

function isAbout(names: readonly string[], { scope: { domain } }: ReportInput): boolean {
  return domain === null || names.some((name) => isUnder(name.replace(/^\*\./, ''), domain));
}
