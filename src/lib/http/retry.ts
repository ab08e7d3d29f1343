import { setTimeout as sleep } from 'node:timers/promises';
import { BlockedAddressError, HostUnwellError } from './errors.js';
import type { GuardedResponse } from './guarded-client.js';
import { retryAfterMs } from './retry-after.js';

/** How often and how patiently a request is tried again. */
export interface RetryPolicy {
  /** Requests sent at most, the first included. */
  readonly attempts: number;
  /** Wait before the second try; doubled for each further one, and shortened by up to half at random. */
  readonly baseMs: number;
  /** No wait is longer. A host that asks for more is reported as unwell. */
  readonly maxWaitMs: number;
  /** Further answers after which the same request may succeed: some APIs throttle with 400. */
  isPassing?(answer: GuardedResponse): boolean;
  /** Waits, or rejects when `signal` aborts. Replaceable for tests. */
  wait?(ms: number, signal: AbortSignal): Promise<unknown>;
  /** The clock, for Retry-After dates. Replaceable for tests. */
  now?(): Date;
}

/** Five tries within about two minutes. */
export const usualRetries: RetryPolicy = { attempts: 5, baseMs: 1_000, maxWaitMs: 60_000 };

/** Never waited longer than this, whatever the host asks for: a day. */
const maxRetryAfterMs = 86_400_000;

/** Statuses after which the same request may succeed (RFC 9110, RFC 6585). */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Sends until an answer comes that is neither a network failure nor a passing status. Only for requests that change nothing when
 * they arrive twice. Throws {@link HostUnwellError} when the tries are used up, or the host asks for a longer pause than the policy
 * allows; {@link BlockedAddressError} and the caller's abort pass through at once.
 */
export async function withRetries(
  send: () => Promise<GuardedResponse>,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOnce(send, signal);
    if ('answer' in outcome && !isPassing(outcome.answer, policy)) return outcome.answer;
    const askedMs = 'answer' in outcome ? askedPause(outcome.answer, policy) : null;
    const waitMs = askedMs ?? backoffMs(attempt, policy);
    if (attempt >= policy.attempts || waitMs > policy.maxWaitMs) throw unwell(outcome, attempt, askedMs);
    await (policy.wait ?? wait)(waitMs, signal);
  }
}

function isPassing(answer: GuardedResponse, policy: RetryPolicy): boolean {
  return passing.has(answer.status) || policy.isPassing?.(answer) === true;
}

type Outcome = { readonly answer: GuardedResponse } | { readonly error: unknown };

async function attemptOnce(send: () => Promise<GuardedResponse>, signal: AbortSignal): Promise<Outcome> {
  signal.throwIfAborted();
  try {
    return { answer: await send() };
  } catch (error) {
    if (signal.aborted || error instanceof BlockedAddressError) throw error;
    return { error };
  }
}

function askedPause(answer: GuardedResponse, { now }: RetryPolicy): number | null {
  return retryAfterMs(answer.headers['retry-after'], now?.() ?? new Date(), maxRetryAfterMs);
}

function backoffMs(attempt: number, { baseMs, maxWaitMs }: RetryPolicy): number {
  const full = Math.min(baseMs * 2 ** (attempt - 1), maxWaitMs);
  return full * (1 - Math.random() / 2);
}

function unwell(outcome: Outcome, attempts: number, pauseMs: number | null): HostUnwellError {
  const tries = attempts === 1 ? '' : ` after ${attempts} tries`;
  const pause = pauseMs === null ? '' : `; it asks for a pause of ${Math.ceil(pauseMs / 1000)} s`;
  if ('answer' in outcome)
    return new HostUnwellError(`status ${outcome.answer.status}${tries}${pause}`, { retryAfterMs: pauseMs });
  const reason =
    outcome.error instanceof Error && outcome.error.message !== '' ? outcome.error.message : 'no connection';
  return new HostUnwellError(`${reason}${tries}`, { cause: outcome.error });
}

function wait(ms: number, signal: AbortSignal): Promise<unknown> {
  return sleep(ms, undefined, { signal });
}
