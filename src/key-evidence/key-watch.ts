import type { KnownKeys } from './known-keys.js';
import type { KeyWatch } from '../model/key-evidence.js';
import type { PrimeSearch } from './prime-search.js';
import { knownKeyHash } from '../x509/keys/known-keys.js';

/** Hashes looked up before that are remembered; others are looked up again. */
const maxRemembered = 500_000;

/** Watches keys by the operator's file of known private keys (null: there is none) and by the search for shared primes. */
export function createKeyWatch(
  knownKeys: Pick<KnownKeys, 'has' | 'close'> | null,
  search: Pick<PrimeSearch, 'found' | 'isComparing' | 'note' | 'start' | 'close'>,
): KeyWatch {
  const compromised = new Set<string>();
  const lookedUp = new Set<string>();

  async function lookUp(hash: string | null): Promise<void> {
    if (knownKeys === null || hash === null || lookedUp.has(hash)) return;
    if (await knownKeys.has(hash)) compromised.add(hash);
    if (lookedUp.size < maxRemembered) lookedUp.add(hash);
  }

  return {
    async evidence(certificates) {
      for (const certificate of certificates) {
        await lookUp(knownKeyHash(certificate));
        search.note(certificate);
      }
      search.start();
      return { compromised, sharedPrimes: search.found };
    },
    unsettledRules: () => (search.isComparing ? ['shared-prime'] : []),
    async close() {
      await search.close();
      await knownKeys?.close();
    },
  };
}
