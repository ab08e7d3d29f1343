import { z } from 'zod';
import type { Policy, PolicyScope } from '../model/policy.js';
import { placeShape } from './owners-config.js';
import { isUnder, isWithin, ownershipOf, type Ownership, type Place } from './ownership.js';

/** Keys of a line of the policy that is about some hosts, addresses, issuers, tags or environments. */
export const scopeShape = {
  ...placeShape,
  tags: z
    .array(z.string().min(1))
    .default([])
    .describe('Tags that `policy.owners` or the inventory gives. Empty: any.'),
  environments: z
    .array(z.string().min(1))
    .default([])
    .describe('Environments that `policy.owners` or the inventory gives. Empty: any.'),
};

/** True when a line of the policy sets no condition. */
export function isUnscoped({ names, networks, issuers, tags, environments }: PolicyScope): boolean {
  return names.length + networks.length + issuers.length + tags.length + environments.length === 0;
}

/** True when a line of the policy is about a place that belongs to these. Pure. */
export function isInScope(
  { names, networks, issuers, tags, environments }: PolicyScope,
  { host, address = host, issuer = null }: Place,
  owned: Pick<Ownership, 'tags' | 'environment'>,
): boolean {
  const isAny = <T>(
    wanted: readonly string[],
    value: T | null,
    matches: (value: T, wanted: string) => boolean,
  ) => wanted.length === 0 || (value !== null && wanted.some((one) => matches(value, one)));
  return (
    isAny(names, host, isUnder) &&
    isAny(networks, address, isWithin) &&
    isAny(issuers, issuer, (value, text) => value.toLowerCase().includes(text.toLowerCase())) &&
    isAny(tags, owned.tags, (value, tag) => value.includes(tag)) &&
    isAny(environments, owned.environment, (value, one) => value === one)
  );
}

/** The first line that is about a place, whose tags and environment the policy says; undefined: none is. */
export function lineFor<Line extends PolicyScope>(
  lines: readonly Line[],
  place: Place,
  policy: Pick<Policy, 'owners'>,
): Line | undefined {
  if (lines.length === 0) return undefined;
  const owned = ownershipOf(place, policy);
  return lines.find((line) => isInScope(line, place, owned));
}
