import type { SendResult } from '../alerts/channel.js';
import type { Delivery } from '../model/delivery.js';

const dayMs = 86_400_000;
const firstRetryMs = 5_000;
const longestRetryMs = 4 * 3_600_000;
/** Tries end about four days after the first (Standard Webhooks: retry over days). */
const giveUpAfterMs = 4 * dayMs;
/** A receiver that refused for good is left alone this long. */
const refusedForMs = 3_600_000;
/** A critical finding waits this long at most for others to share its message. */
const criticalWaitMs = 30_000;

/** Exponential with +-20 % of jitter; what the receiver asked for (Retry-After) wins when it is longer. */
export function retryDelayMs(
  attempts: number,
  retryAfterMs: number | null,
  random: () => number = Math.random,
): number {
  const base = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts - 1, 20));
  return Math.max(Math.round(base * (0.8 + 0.4 * random())), retryAfterMs ?? 0);
}

/** The delivery after one try. */
export function afterTry(delivery: Delivery, result: SendResult, now: Date): Delivery {
  const attempts = delivery.attempts + 1;
  const after = { ...delivery, attempts, lastDetail: result.detail };
  if (result.ok) return { ...after, state: 'sent', nextAttemptAt: null, sentAt: now };
  const isTooOld = now.getTime() - delivery.createdAt.getTime() > giveUpAfterMs;
  if (result.permanent || isTooOld) return { ...after, state: 'failed', nextAttemptAt: null };
  return { ...after, nextAttemptAt: new Date(now.getTime() + retryDelayMs(attempts, result.retryAfterMs)) };
}

/** How long a finding may wait for others to share its message. */
export function groupWaitMs(groupIntervalMs: number, isCritical: boolean): number {
  return isCritical ? Math.min(groupIntervalMs, criticalWaitMs) : groupIntervalMs;
}

/** When one channel may be sent what. */
export interface Pace {
  /** When a new message may be decided on; null: now. */
  mayDecide(hasCritical: boolean, now: Date): Date | null;
  /** Until when nothing may be sent; null: now. */
  refusedUntil(now: Date): Date | null;
  decided(now: Date): void;
  /** Answers true when the receiver is back after it had failed. */
  tried(after: Delivery, result: SendResult, now: Date): boolean;
  /** Forgets that the receiver refused for good: the operator asks to try again. */
  forgive(): void;
}

/**
 * While a receiver fails, new findings wait for its next try instead of piling up as messages of their own; only critical ones are tried
 * at once. A receiver that refused for good is asked again after an hour.
 */
export function createPace(groupIntervalMs: number): Pace {
  let decidedAt = -Infinity;
  let failingUntil = -Infinity;
  let refusedUntil = -Infinity;
  return {
    mayDecide(hasCritical, now) {
      const at = Math.max(
        decidedAt + groupWaitMs(groupIntervalMs, hasCritical),
        refusedUntil,
        hasCritical ? -Infinity : failingUntil,
      );
      return at > now.getTime() ? new Date(at) : null;
    },
    refusedUntil: (now) => (refusedUntil > now.getTime() ? new Date(refusedUntil) : null),
    decided(now) {
      decidedAt = now.getTime();
    },
    tried({ nextAttemptAt }, result, now) {
      if (result.ok) {
        const isBack = failingUntil > -Infinity;
        failingUntil = refusedUntil = -Infinity;
        return isBack;
      }
      if (result.permanent) refusedUntil = now.getTime() + refusedForMs;
      else failingUntil = nextAttemptAt?.getTime() ?? -Infinity;
      return false;
    },
    forgive() {
      refusedUntil = -Infinity;
    },
  };
}
