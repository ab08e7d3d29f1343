import { setMaxListeners } from 'node:events';

/**
 * Runs `work` over the items `next` gives, up to `width` at a time, and yields the results in the items' order. `next` is
 * asked again after it had nothing, as long as something runs. When the consumer stops or something fails, the rest is
 * aborted and waited for.
 */
export async function* inOrder<Item, Result>(
  next: () => Item | undefined,
  width: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<Result, void, void> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const abort = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const running: Promise<Result>[] = [];
  try {
    signal.throwIfAborted();
    for (;;) {
      while (running.length < width) {
        const item = next();
        if (item === undefined) break;
        const result = work(item, stop.signal);
        // Its failure is met when its turn comes; until then it must not count as unhandled.
        result.catch(() => undefined);
        running.push(result);
      }
      const first = running.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    stop.abort(new Error('no longer needed'));
    await Promise.allSettled(running);
  }
}
