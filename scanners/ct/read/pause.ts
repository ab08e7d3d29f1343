import { setTimeout as delay } from 'node:timers/promises';

/** Waits `ms`; ends at once, and rejects with the signal's reason, when it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.min(ms, 2 ** 31 - 1), undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** Waits `ms`, or until `woken` is aborted, which is no failure. */
export async function pauseUntilWoken(ms: number, woken: AbortSignal, signal: AbortSignal): Promise<void> {
  if (woken.aborted) return;
  const sooner = new AbortController();
  const wake = (): void => sooner.abort(woken);
  const abort = (): void => sooner.abort(signal.reason);
  woken.addEventListener('abort', wake, { once: true });
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await pause(ms, sooner.signal);
  } catch (error) {
    if (error !== woken) throw error;
  } finally {
    woken.removeEventListener('abort', wake);
    signal.removeEventListener('abort', abort);
  }
}
