import type { RevocationConfig } from './config.js';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/**
 * When a list is asked for again after it was found good: a little before nextUpdate, for CAs publish ahead of it; at the latest
 * after `maxAgeHours`, and not within a minute. `random` from 0 to 1 spreads the requests.
 */
export function nextAfterSuccess(
  list: { readonly thisUpdateMs: number | null; readonly nextUpdateMs: number | null },
  nowMs: number,
  config: Pick<RevocationConfig, 'maxAgeHours'>,
  random: number,
): number {
  const longest = nowMs + config.maxAgeHours * hourMs * (0.9 + random / 10);
  const { thisUpdateMs, nextUpdateMs } = list;
  if (nextUpdateMs === null || thisUpdateMs === null) return longest;
  const ahead = ((nextUpdateMs - thisUpdateMs) / 20) * (1 + random);
  // The same list again so shortly before its end: the next one comes at the end itself.
  const early = nextUpdateMs - ahead;
  const due = early > nowMs ? early : nextUpdateMs + minuteMs * (1 + 4 * random);
  return Math.max(nowMs + minuteMs, Math.min(due, longest));
}

/** After so many failures in a row: five minutes, doubled each time up to six hours; later where the server asks for it. */
export function nextAfterFailure(
  failures: number,
  nowMs: number,
  retryAfterMs: number | null,
  random: number,
): number {
  const wait = Math.min(6 * hourMs, 5 * minuteMs * 2 ** Math.min(failures - 1, 10)) * (0.75 + random / 2);
  return nowMs + Math.max(wait, retryAfterMs ?? 0);
}
