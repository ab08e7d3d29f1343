import type { z } from 'zod';
import type { Certificate } from '../model/certificate.js';
import type { InventoryItem } from '../model/inventory-item.js';

/** A system that knows which certificates the operator manages. */
export interface Connector {
  /** Name of the configured instance, unique, for example `files:/etc/ssl/managed`. */
  readonly name: string;
  /**
   * Yields everything the system manages. What cannot be read although it should be goes to `onError`, in one sentence without
   * secrets, and makes the run incomplete. Throws when the system is unwell (HostUnwellError) or refuses; what was yielded before
   * stays, and nothing earlier is removed.
   */
  list(
    signal: AbortSignal,
    onError: (sentence: string) => void,
    options?: ListOptions,
  ): AsyncIterable<InventoryItem>;
}

/** What a run offers to connectors. */
export interface ListOptions {
  /** Takes a sentence on something that was passed over on purpose; the run stays complete. */
  readonly onNote?: (sentence: string) => void;
  /**
   * What earlier runs of this source read under these references, also runs that were cut off. For systems where reading a certificate
   * costs a call: what is known already is not read again, so that a run goes on where the one before was stopped.
   */
  readonly known?: (references: readonly string[]) => Promise<ReadonlyMap<string, InventoryItem>>;
}

/** Reads the exact bytes of one certificate; never throws. Given by the service (src/x509). */
export type ReadCertificate = (der: Uint8Array) => Certificate;

/** One kind of inventory source: a family of systems. */
export interface ConnectorKind<Schema extends z.ZodType<{ readonly type: string }>> {
  readonly config: Schema;
  /** What an instance without a `name` is called: the part after `type:`. Must not hold secrets. */
  defaultName(config: z.infer<Schema>): string;
  /** Opens a source; `name` is its whole name. Nothing is connected to before `list`. */
  create(config: z.infer<Schema>, name: string, read: ReadCertificate): Connector;
}
