/** Pairs of a certificate that is served and a log that signed for it, and how many of the logs' entries were read here. */
export interface OperatorRecall {
  readonly operator: string;
  /** Pairs since reading of the log began here, the last day apart: a log has that long to include what it signed for. */
  readonly expected: number;
  readonly found: number;
}

/** What scans know and logs do not, and the reverse. */
export interface Recall {
  readonly measuredAt: Date;
  /** By operator of the log; those of which nothing can be said are left out. */
  readonly operators: readonly OperatorRecall[];
  /** Pairs without an entry, at most 100. */
  readonly missing: readonly {
    readonly sha256: string;
    readonly subject: string;
    readonly log: string;
    readonly operator: string;
    readonly signedAt: Date;
  }[];
  /** Names of unexpired logged certificates for the owned domains, wildcards apart, and how many of them scans have reached. */
  readonly names: { readonly logged: number; readonly scanned: number };
}
