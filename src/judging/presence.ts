import type { EndpointState } from '../model/endpoint-state.js';
import type { Resolution } from '../model/finding.js';
import type { Policy } from '../model/policy.js';
import type { Misses } from '../store/store.js';

const hourMs = 3_600_000;

/**
 * Why an endpoint no longer counts; null when it does. It is gone after enough misses over enough time, and out of scope some time after
 * the last scan that probed it.
 */
export function absence(
  state: Pick<EndpointState, 'lastObservedAt'>,
  misses: Misses | undefined,
  policy: Pick<Policy, 'goneAfterMisses' | 'goneAfterMinutes' | 'forgetAfterHours'>,
  scannedSince: Date | null,
  now: Date,
): Extract<Resolution, 'gone' | 'out-of-scope'> | null {
  const isForgotten = now >= forgottenAt(state, policy);
  if (isForgotten && scannedSince !== null && state.lastObservedAt < scannedSince) return 'out-of-scope';
  if (misses === undefined || misses.count < policy.goneAfterMisses) return null;
  const missedMs = state.lastObservedAt.getTime() - misses.firstAt.getTime();
  return missedMs >= policy.goneAfterMinutes * 60_000 ? 'gone' : null;
}

/** When an endpoint is forgotten that no scan probes any more. */
export function forgottenAt(
  { lastObservedAt }: Pick<EndpointState, 'lastObservedAt'>,
  { forgetAfterHours }: Pick<Policy, 'forgetAfterHours'>,
): Date {
  return new Date(lastObservedAt.getTime() + forgetAfterHours * hourMs);
}
