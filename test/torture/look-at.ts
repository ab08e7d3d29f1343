import { join } from 'node:path';
import { pino } from 'pino';
import { openCredentials } from '../../src/api/access/credentials.js';
import { PrimeSearch } from '../../src/key-evidence/prime-search.js';
import { signingKey } from '../../src/reports/evidence/signing-key.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { embeddedConfig } from '../store/sample.js';

/** How a start on a data folder went. */
export interface Start {
  /** Why it was refused; null when it was not. */
  readonly refused: string | null;
  /** What the finding `store-damaged` would say, a line each. */
  readonly damage: readonly string[];
  /** Looks that can be read; -1: they cannot. */
  readonly looks: number;
}

const silent = pino({ level: 'silent' });

/** Opens everything that reads the data folder at a start, and closes it again. */
export async function lookAt(folder: string): Promise<Start> {
  let store: OpenStore;
  try {
    store = await openStore(embeddedConfig(folder, { spool: { afterMs: 100 } }), silent);
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error), damage: [], looks: -1 };
  }
  try {
    const noop = (): void => undefined;
    const search = PrimeSearch.open({ folder, onFound: noop, onTrouble: noop, log: silent });
    await search.close();
    const { tokens, users, sessions, used } = openCredentials(folder, noop);
    for (const records of [tokens, users, sessions, used]) records.all();
    await signingKey(join(folder));
    const page = store.reader.listObservations({}, { limit: 1_000, cursor: null });
    const looks = await page.then(
      ({ items }) => items.length,
      () => -1,
    );
    while ((await store.health()).spooledBytes > 0) await new Promise(setImmediate);
    return { refused: null, damage: await store.damage(), looks };
  } finally {
    await store.close();
  }
}
