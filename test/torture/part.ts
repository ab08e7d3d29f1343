/** What a part of the torture run did, and what went wrong. */
export interface Outcome {
  readonly counts: Readonly<Record<string, number>>;
  /** Empty: it held. */
  readonly wrong: readonly string[];
}

/** One part of the torture run. `quick` takes a few seconds, for the tests; otherwise everything. */
export interface TorturePart {
  readonly name: string;
  run(quick: boolean): Promise<Outcome>;
}
