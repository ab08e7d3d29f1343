/** One certificate the operator believes to own, as a connector read it. At least one identity is not null. */
export interface InventoryItem {
  /** Name of the connector instance, for example `files:/etc/ssl/managed`. */
  readonly source: string;
  /** Where in the source: path, row, ARN ... */
  readonly reference: string;
  readonly sha256: string | null;
  readonly sha1: string | null;
  readonly spkiSha256: string | null;
  /** SHA-256 of the TBSCertificate without poison and SCT list (see Certificate.tbsSha256). */
  readonly tbsSha256: string | null;
  /** Issuer as SHA-256 of its Name DER, and serial as unsigned lower-case hex without leading zeros. */
  readonly issuerSha256: string | null;
  readonly serialNumber: string | null;
  readonly owner: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** The end of one import. Only a complete run may replace what an earlier one said (a failed import is "stale", never "everything is shadow"). */
export interface InventoryRun {
  readonly source: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly complete: boolean;
  readonly items: number;
  /** One sentence per thing that could not be read. */
  readonly errors: readonly string[];
}
