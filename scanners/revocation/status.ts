import type { RevocationStatus } from '../../src/model/network.js';
import type { CrlVerdict } from '../../src/x509/revocation/crl-status.js';
import { allReasons } from '../../src/x509/revocation/distribution-point.js';
import type { OcspVerdict } from '../../src/x509/revocation/ocsp.js';

/** What one list says of a certificate; null when there was no list. */
export interface ListVerdict {
  readonly url: string;
  readonly verdict: CrlVerdict | null;
  /** Why there was no list. */
  readonly problem: string | null;
  readonly thisUpdateMs: number | null;
  readonly nextUpdateMs: number | null;
}

/** What a responder says of a certificate, or why it says nothing. */
export interface ResponderVerdict {
  readonly url: string;
  readonly verdict: OcspVerdict | null;
  readonly problem: string | null;
}

type Said = Omit<RevocationStatus, 'question' | 'key' | 'since' | 'checkedAt'>;

const nothing: Said = {
  outcome: 'unknown',
  detail: null,
  reason: null,
  revokedAt: null,
  method: null,
  source: null,
  thisUpdate: null,
  nextUpdate: null,
};

/**
 * All that lists and a responder say of a certificate, in one status: revoked when any says so; good when lists cover every
 * reason, or the responder says so; otherwise why not.
 */
export function statusOf(
  sha256: string,
  lists: readonly ListVerdict[],
  responder: ResponderVerdict | null,
  now: Date,
): RevocationStatus {
  return {
    question: 'revocation',
    key: sha256,
    since: now,
    checkedAt: now,
    ...(revokedByLists(lists) ??
      byResponder(responder, 'revoked') ??
      goodByLists(lists) ??
      byResponder(responder, 'good') ??
      undecided(lists, responder)),
  };
}

function revokedByLists(lists: readonly ListVerdict[]): Said | null {
  const list = lists.find(({ verdict }) => verdict?.status === 'revoked');
  if (list?.verdict === undefined || list.verdict === null) return null;
  const { reason, revokedAt, detail } = list.verdict;
  return { ...nothing, ...fromList(list), outcome: 'revoked', reason, revokedAt, detail };
}

function goodByLists(lists: readonly ListVerdict[]): Said | null {
  const good = lists.filter(({ verdict }) => verdict?.status === 'good');
  const covered = good.reduce((mask, { verdict }) => mask | (verdict?.reasons ?? 0), 0);
  const [first] = good;
  return first === undefined || covered !== allReasons
    ? null
    : { ...nothing, ...fromList(first), outcome: 'good' };
}

function byResponder(responder: ResponderVerdict | null, status: 'good' | 'revoked'): Said | null {
  if (responder?.verdict?.status !== status) return null;
  const { revokedAt, revocationReason, thisUpdate, nextUpdate } = responder.verdict;
  return {
    ...nothing,
    outcome: status,
    reason: status === 'revoked' ? (revocationReason ?? 'unspecified') : null,
    revokedAt,
    method: 'ocsp',
    source: responder.url,
    thisUpdate,
    nextUpdate,
  };
}

function undecided(lists: readonly ListVerdict[], responder: ResponderVerdict | null): Said {
  const stale = lists.find(({ verdict }) => verdict?.status === 'stale');
  if (stale !== undefined)
    return { ...nothing, ...fromList(stale), outcome: 'stale', detail: 'the list is out of date' };
  const problems = lists.map(({ verdict, problem }) => verdict?.detail ?? problem);
  const said = responder?.verdict?.reason ?? responder?.verdict?.status ?? responder?.problem ?? null;
  if (responder !== null && said !== null) problems.push(`OCSP: ${said}`);
  const detail = problems.filter((one) => one !== null).join('; ') || null;
  const isOutside =
    lists.length > 0 &&
    lists.every(({ verdict }) => verdict?.status === 'not-covered' || verdict?.status === 'good');
  if (isOutside) return { ...nothing, ...fromList(lists[0] as ListVerdict), outcome: 'not-covered', detail };
  if (lists.length === 0 && responder === null)
    return {
      ...nothing,
      detail: 'the certificate names no revocation list and no responder that may be asked',
    };
  return { ...nothing, source: lists[0]?.url ?? responder?.url ?? null, detail };
}

function fromList({ url, thisUpdateMs, nextUpdateMs }: ListVerdict): Partial<Said> {
  const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  return { method: 'crl', source: url, thisUpdate: date(thisUpdateMs), nextUpdate: date(nextUpdateMs) };
}
