import type { InventoryItem } from '../../model/inventory-item.js';
import { outboundRules, type OutboundConfig } from '../../lib/http/config.js';
import { createGuardedClient, type GuardedClient } from '../../lib/http/guarded-client.js';
import { createRestClient, type Authorization, type RestClient } from '../../lib/http/rest-client.js';
import type { RetryPolicy } from '../../lib/http/retry.js';

/** How to reach one API for the time of one run. */
export interface SessionOptions {
  readonly baseUrl: string;
  readonly outbound: OutboundConfig;
  /** Gets the client, for sign-ins of its own. */
  readonly authorize?: (client: GuardedClient) => Authorization;
  /** Never shown in an error. */
  readonly secrets: readonly (string | null)[];
  /** Of one answer. */
  readonly maxBytes?: number;
}

/** Waits between tries; replaceable for tests, which must not sleep. */
export const patience: { retries: RetryPolicy } = {
  retries: { attempts: 5, baseMs: 1_000, maxWaitMs: 60_000 },
};

/** Yields what `list` reads through a client that is closed afterwards, however it ends. */
export async function* session(
  options: SessionOptions,
  list: (rest: RestClient) => AsyncIterable<InventoryItem>,
): AsyncGenerator<InventoryItem, void, undefined> {
  const { outbound, authorize, ...rest } = options;
  const client = createGuardedClient(outboundRules(outbound));
  try {
    const authorization = authorize?.(client);
    const access = authorization === undefined ? {} : { authorization };
    yield* list(createRestClient({ ...rest, ...access, client, retries: patience.retries }));
  } finally {
    await client.close();
  }
}
