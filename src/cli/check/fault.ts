/** One thing in a configuration that will not work. */
export interface Fault {
  /** The key. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what to do. */
  readonly sentence: string;
}

/** What went wrong, in words. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message !== '') return message;
  // What connects to several addresses fails with an error of many, without a message of its own.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first === undefined ? 'failed' : reasonOf(first);
}
