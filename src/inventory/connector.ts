import type { InventoryItem } from '../model/inventory-item.js';

/** A system that knows which certificates the operator manages. */
export interface Connector {
  /** Name of the configured instance, unique, for example `files:/etc/ssl/managed`. */
  readonly name: string;
  /**
   * Yields everything the system manages. Things that cannot be read are reported through `onError` and make the run
   * incomplete unless the connector can tell that they are no certificates at all. Throws when the system is unwell.
   */
  list(signal: AbortSignal, onError: (sentence: string) => void): AsyncIterable<InventoryItem>;
}
