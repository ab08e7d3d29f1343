/** Where a benchmark puts its figures. */
export interface Report {
  /** One figure; `peer` is another program's or a limit's value for the same thing in the same run. */
  result(name: string, value: number, unit: string, peer?: Peer | null): void;
}

/** Whose figure stands beside ours. */
export interface Peer {
  readonly name: string;
  readonly value: number;
}
