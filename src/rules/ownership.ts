import ipaddr from 'ipaddr.js';
import type { OwnerRule, Policy } from '../model/policy.js';

/** What is known of the place of a finding when its owner is looked for. */
export interface Place {
  /** Host name or address; null when the finding is about none. */
  readonly host: string | null;
  readonly address?: string | null;
  /** Issuer of the certificate, RFC 4514. */
  readonly issuer?: string | null;
}

/** Who is responsible for a place. */
export interface Ownership {
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
}

const nobody: Ownership = { owner: null, environment: null, tags: [] };

/** Owner, environment and tags of a place: the first line of `policy.owners` that applies wins. */
export function ownershipOf(place: Place, { owners }: Pick<Policy, 'owners'>): Ownership {
  const found = owners.find((rule) => reasons(rule, place).every(({ applies }) => applies));
  if (found === undefined) return nobody;
  const { owner, environment, tags } = found;
  return { owner, environment, tags };
}

/** Whether a condition applies, and why. */
export interface Reason {
  readonly applies: boolean;
  readonly because: string;
}

/** For each condition that a line of `policy.owners` sets: whether it applies to a place, and why. */
export function reasons({ names, networks, issuers }: OwnerRule, place: Place): readonly Reason[] {
  const address = place.address ?? place.host;
  return [
    reason('name', place.host, names, (value, name) => isUnder(value, name)),
    reason('address', address, networks, (value, network) => isWithin(value, network)),
    reason('issuer', place.issuer ?? null, issuers, (value, part) =>
      value.toLowerCase().includes(part.toLowerCase()),
    ),
  ].flatMap((one) => one ?? []);
}

/** Null when the line sets no such condition. */
function reason(
  what: string,
  value: string | null,
  wanted: readonly string[],
  matches: (value: string, wanted: string) => boolean,
): Reason | null {
  if (wanted.length === 0) return null;
  if (value === null) return { applies: false, because: `its ${what} is not known` };
  const found = wanted.find((one) => matches(value, one));
  if (found !== undefined) return { applies: true, because: `its ${what} ${value} is in ${found}` };
  return { applies: false, because: `its ${what} ${value} is in none of ${wanted.join(', ')}` };
}

/** True for a domain and the names below it. */
export function isUnder(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** True for an address of a network; false for anything that is none. */
export function isWithin(address: string, network: string): boolean {
  if (!ipaddr.isValid(address) || !ipaddr.isValidCIDR(network)) return false;
  const [value, [base, bits]] = [ipaddr.process(address), ipaddr.parseCIDR(network)];
  return value.kind() === base.kind() && value.match(base, bits);
}
