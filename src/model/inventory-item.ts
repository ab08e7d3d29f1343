/** One certificate the operator believes to own, as a connector read it. At least one identity is not null, unless its renewal fails. */
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
  /** For example `production`. */
  readonly environment: string | null;
  readonly tags: readonly string[];
  /** Host names that it is for, as far as the source says so itself. */
  readonly names: readonly string[];
  /** What uses it, in the source's own words: listeners, hosts, workloads. */
  readonly inUseBy: readonly string[];
  /** The source's own word for its state, for example `ISSUED` or `revoked`. */
  readonly status: string | null;
  /** null: the source does not speak of renewal. */
  readonly renewal: InventoryRenewal | null;
}

/** How the renewal of a certificate goes, as its system says. */
export interface InventoryRenewal {
  /** Whether the system renews by itself; null when it does not say. */
  readonly isAutomatic: boolean | null;
  /** When it means to renew. */
  readonly dueAt: Date | null;
  /** The last attempt that failed and was not followed by a success; null when renewal is not failing. */
  readonly failedAt: Date | null;
  /** Failed attempts in a row. */
  readonly failures: number | null;
  /** Why it failed, in the system's own words. */
  readonly message: string | null;
}

/** What says which certificate an item is. */
export type InventoryIdentity = Pick<
  InventoryItem,
  'sha256' | 'sha1' | 'spkiSha256' | 'tbsSha256' | 'issuerSha256' | 'serialNumber'
>;

/** Where an item was found, and what the source says of it beside its identity. */
export type InventoryFacts = Omit<InventoryItem, keyof InventoryIdentity>;

/** Facts of which only some are known; the rest is null or empty. */
export function inventoryFacts(
  known: Pick<InventoryItem, 'source' | 'reference'> & Partial<InventoryFacts>,
): InventoryFacts {
  return {
    owner: null,
    labels: {},
    environment: null,
    tags: [],
    names: [],
    inUseBy: [],
    status: null,
    renewal: null,
    ...known,
  };
}

/** The identity of nothing that is known, to be overwritten in part. */
export const noIdentity: InventoryIdentity = {
  sha256: null,
  sha1: null,
  spkiSha256: null,
  tbsSha256: null,
  issuerSha256: null,
  serialNumber: null,
};

/** The end of one import. Only a complete run may replace what an earlier one said (a failed import is "stale", never "everything is shadow"). */
export interface InventoryRun {
  readonly source: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly complete: boolean;
  readonly items: number;
  /** One sentence per thing that could not be read. */
  readonly errors: readonly string[];
  /** One sentence per thing that was passed over on purpose; such things do not make a run incomplete. */
  readonly notes: readonly string[];
}
