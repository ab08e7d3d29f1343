/** A certificate as messages name it. Texts may be hostile. */
export interface NamedCertificate {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  /** At most 20. */
  readonly names: readonly string[];
}

/** An endpoint that presents a certificate it never presented before, or a watched certificate that was logged for the first time. */
export interface InventoryChange {
  /** Stable: 32 hex digits derived from what changed. */
  readonly id: string;
  readonly at: Date;
  /** Key of the endpoint; null: it was seen in a log. */
  readonly endpoint: string | null;
  /** Id of the log; null: it was seen on an endpoint. */
  readonly ctLog: string | null;
  readonly certificate: NamedCertificate;
  /** What the endpoint presented before; null: nothing, or it was seen in a log. */
  readonly before: NamedCertificate | null;
}
