import type { AnyQuery } from '../../src/model/query.js';
import { minutes, noon } from './sample.js';

/** Values for the parameters that prepared queries take, by name. */
const values: Readonly<Record<string, unknown>> = {
  now: noon,
  since: minutes(-1_000_000),
  loggedBefore: minutes(1_000_000),
  ownedDomains: ['example.com'],
  keys: ['unknown'],
  limit: 100,
  checkedAfter: minutes(-1_000_000),
  outcomes: ['revoked'],
  lastOkSince: minutes(-1_000_000),
  goneAfterMisses: 3,
  isWanted: true,
  goneAfterMs: 3_600_000,
  approvedIssuers: ['test ca'],
  from: minutes(-1_000_000),
  to: minutes(1_000_000),
  domain: 'example.com',
  servedAfter: minutes(-1_000_000),
  expected: ['www.example.com'],
  firstSeenBefore: minutes(1_000_000),
};

/** Parameters for a query. */
export function sampleParameters({ name, parameters }: AnyQuery): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.keys(parameters.shape).map((key) => {
      if (!(key in values)) throw new Error(`no sample for the parameter ${key} of ${name}`);
      return [key, values[key]];
    }),
  );
}
