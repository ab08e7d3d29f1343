import { fleetQueries } from './fleet.js';
import type { NamedQuery } from './query.js';

/** Every prepared query by its name. */
export const namedQueries: ReadonlyMap<string, NamedQuery> = new Map(
  fleetQueries.map((query) => [query.name, query]),
);
