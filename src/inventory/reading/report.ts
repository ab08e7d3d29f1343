import type { ListOptions } from '../connector.js';

/** Takes one sentence for each thing that could not be read. */
export interface Report {
  /** It should have been readable: the run is incomplete. */
  error(sentence: string): void;
  /** It was to be expected (a private key, a dangling link): the run stays complete. */
  note(sentence: string): void;
}

/** The report of a run. With `strict`, whatever is passed over makes the run incomplete. */
export function reportTo(
  onError: (sentence: string) => void,
  options: ListOptions | undefined,
  strict = false,
): Report {
  return { error: onError, note: strict ? onError : (options?.onNote ?? (() => undefined)) };
}
