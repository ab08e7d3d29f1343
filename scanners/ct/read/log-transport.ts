import { MalformedError } from '../../../src/ct/bytes.js';
import { decompress } from '../decode/decompress.js';
import type { HostBudget } from './host-budget.js';
import { HttpError, type HttpAnswer, type HttpClient } from './http.js';
import { backoffMs, type Priority } from './pace.js';
import { pause } from './pause.js';

/** Requests below one log's URL, within its host's budget and the budget of all hosts. */
export interface LogTransport {
  /** One attempt. `path` is relative to the log's URL. */
  get(path: string, maxBytes: number, signal: AbortSignal): Promise<HttpAnswer>;
  /** As `get`; what is over the usual size is asked for again, one such answer at a time among all logs. */
  page(path: string, maxBytes: number, signal: AbortSignal): Promise<HttpAnswer>;
  /** One attempt, decompressed. */
  bytes(path: string, maxBytes: number, signal: AbortSignal): Promise<Buffer>;
  readonly budget: HostBudget;
}

/** Runs one task among those of all hosts. */
export type Gate = <T>(task: () => Promise<T>) => Promise<T>;

/** Most bytes of an answer that many requests may have at the same time; hundreds of usual entries take less. */
export const usualBytes = 4 * 1024 * 1024;

/** A transport for the log at `url` (with a trailing slash); `gate` is for every request, `largeGate` beside it for large answers. */
export function createLogTransport(
  url: string,
  http: HttpClient,
  budget: HostBudget,
  gate: Gate,
  largeGate: Gate,
  priority: Priority,
): LogTransport {
  // Whoever waits for its host holds up no other.
  const ask = (path: string, maxBytes: number, signal: AbortSignal, first: Gate): Promise<HttpAnswer> =>
    budget.run(priority, signal, () =>
      first(() => gate(() => http.get({ url: url + path, signal, maxBytes }))),
    );
  const get: LogTransport['get'] = (path, maxBytes, signal) => ask(path, maxBytes, signal, (task) => task());
  return {
    budget,
    get,
    async page(path, maxBytes, signal) {
      try {
        return await get(path, Math.min(maxBytes, usualBytes), signal);
      } catch (error) {
        const isLarge = error instanceof HttpError && error.kind === 'too-large' && maxBytes > usualBytes;
        if (!isLarge) throw error;
        return ask(path, maxBytes, signal, largeGate);
      }
    },
    bytes: async (path, maxBytes, signal) => decompress(await get(path, maxBytes, signal), maxBytes, path),
  };
}

/** True for failures that may pass when the same request is made again. */
export function mayPass(error: unknown): boolean {
  if (error instanceof MalformedError) return true;
  if (!(error instanceof HttpError)) return false;
  if (error.kind !== 'status') return error.kind === 'network' || error.kind === 'timeout';
  return error.status === 429 || error.status >= 500;
}

/** Tries up to `attempts` times while the failure may pass; waits with jitter in between. */
export async function retrying<T>(
  attempts: number,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || failures >= attempts || !mayPass(error)) throw error;
    }
    await pause(backoffMs(failures), signal);
  }
}
