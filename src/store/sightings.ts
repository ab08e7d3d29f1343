import type { Observation } from '../model/observation.js';
import { endpointKey } from '../model/target.js';
import { keyOfPair, RecentKeys } from './recent.js';
import type { Sighting } from './rows/observation.js';

/** Endpoints whose last certificate is remembered. 16 bytes each. */
const rememberedEndpoints = 2 ** 19;

/** Finds out of the looks at endpoints those that met another certificate than the look before, so that a thousand equal ones are written once. */
export class Sightings {
  /** Endpoints, each with the leaf it was last written with. */
  readonly #last = new RecentKeys(rememberedEndpoints);

  /** What is new in these looks, in their order. What only a survey met is so each time: it takes no part in what the endpoint is known by. */
  news(looks: readonly Observation[]): readonly Sighting[] {
    const met: Sighting[] = [];
    const changed = new Map<string, string>();
    for (const { target, certificate, observedAt: seenAt, survey } of looks) {
      const endpoint = endpointKey(target);
      const leaf = certificate?.sha256 ?? '';
      const before = changed.get(endpoint);
      if (before === undefined ? !this.#last.has(keyOfPair(endpoint, leaf)) : before !== leaf) {
        met.push({ endpoint, certificate, seenAt, isLeading: true });
        changed.set(endpoint, leaf);
      }
      for (const { chain } of survey?.alternates ?? [])
        if (chain[0] !== undefined) met.push({ endpoint, certificate: chain[0], seenAt, isLeading: false });
    }
    return met;
  }

  /** Notes that these are stored. */
  stored(sightings: readonly Sighting[]): void {
    for (const { endpoint, certificate, isLeading } of sightings)
      if (isLeading) this.#last.add(keyOfPair(endpoint, certificate?.sha256 ?? ''));
  }

  /** Forgets everything: what was written may be gone. */
  clear(): void {
    this.#last.clear();
  }
}
