import type { Observation } from '../model/observation.js';
import { endpointKey, type Target } from '../model/target.js';
import { keyOfPair, RecentKeys, type Key } from '../lib/recent-keys.js';
import type { EndpointSighting } from './rows/observation.js';

/** Endpoints whose last certificate is remembered. 16 bytes each. */
const rememberedEndpoints = 2 ** 20;

/** What is new in a batch of looks; to be told when it is stored. */
interface News {
  readonly sightings: readonly EndpointSighting[];
  stored(): void;
}

/** Finds out of the looks at endpoints those that met another certificate than the look before, so that a thousand equal ones are written once. */
export class Sightings {
  /** Endpoints, each with the leaf it was last written with. */
  readonly #last = new RecentKeys(rememberedEndpoints);

  /** What is new in these looks, in their order. What only a survey met is so each time: an endpoint is not known by it. */
  news(looks: readonly Observation[]): News {
    const sightings: EndpointSighting[] = [];
    const changed = new Map<string, Key>();
    for (const { target, certificate, observedAt: seenAt, survey } of looks) {
      const key = keyOf(target, certificate?.sha256 ?? '');
      // Few batches bring news; the others need no name to look for it by.
      if (changed.size > 0 || !this.#last.has(key)) {
        const endpoint = endpointKey(target);
        const before = changed.get(endpoint);
        if (before === undefined ? !this.#last.has(key) : !isSame(before, key)) {
          sightings.push({ endpoint, certificate, seenAt, isLeading: true });
          changed.set(endpoint, key);
        }
      }
      for (const { chain } of survey?.alternates ?? [])
        if (chain[0] !== undefined)
          sightings.push({ endpoint: endpointKey(target), certificate: chain[0], seenAt, isLeading: false });
    }
    return {
      sightings,
      stored: () => {
        for (const key of changed.values()) this.#last.add(key);
      },
    };
  }

  /** Forgets everything: what was written may be gone. */
  clear(): void {
    this.#last.clear();
  }
}

function keyOf({ host, address, port, serverName, starttls }: Target, leaf: string): Key {
  const name = serverName === host ? '=' : (serverName ?? '');
  return keyOfPair([host, address ?? '', name, `${port} ${starttls ?? ''}`], leaf);
}

function isSame(one: Key, other: Key): boolean {
  return one.every((word, index) => word === other[index]);
}
