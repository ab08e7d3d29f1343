import { setTimeout as delay } from 'node:timers/promises';

/** Waits `ms`; ends at once, and rejects with the signal's reason, when it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.min(ms, 2 ** 31 - 1), undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
