import { networkInterfaces } from 'node:os';
import {
  addressSet,
  mergeRanges,
  parseAddress,
  parseRange,
  splitZone,
  subtractRanges,
  type AddressRange,
} from './addresses.js';
import { hostName } from './expression.js';

/** The part of the configuration that says where connections may go. */
export interface ScopeConfig {
  readonly scope: readonly string[];
  readonly exclude: readonly string[];
  readonly excludeOwnAddresses: boolean;
}

/** Where connections may go; asked again for every connection, so a replaced scope takes effect during a scan. */
export interface Scope {
  /** Why `address` may not be connected to for `host`; null when it may. */
  refusal(host: string, address: string, learned: boolean): string | null;
  /** Why no address of a range may be connected to; null when some may. */
  rangeRefusal(range: AddressRange): string | null;
  /** Excluded addresses, merged, to be left out of ranges before they are walked. */
  readonly excluded: readonly AddressRange[];
}

/** Never reached through a name: special-purpose addresses (RFC 6890 registries) and the metadata services of clouds. */
const notThroughNames = [
  '0.0.0.0/8',
  '100.100.100.200',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:db8::/32',
  'fd00:ec2::254',
  'fe80::/10',
  'ff00::/8',
];

const loopback = ['127.0.0.0/8', '::1'];

const isSpecial = addressSet(readRanges(notThroughNames));
const isLoopback = addressSet(readRanges(loopback));

/** Builds the scope. Throws when an entry of `scope` or `exclude` cannot be read. */
export function createScope(config: ScopeConfig): Scope {
  const allowed = config.scope.length === 0 ? null : readRanges(config.scope);
  const isAllowed = allowed === null ? null : addressSet(allowed);
  const exclusions = config.exclude.map(readExclusion);
  const names = exclusions.filter((one) => typeof one === 'function');
  const excluded = exclusions.filter((one) => typeof one !== 'function');
  if (config.excludeOwnAddresses) excluded.push(...ownAddresses());
  const isExcluded = addressSet(excluded);
  const holes = mergeRanges(excluded);
  return {
    excluded: holes,
    refusal(host, address, learned) {
      const parsed = parseAddress(splitZone(address).address);
      if (parsed === undefined) return `${address} is not an address`;
      if (isExcluded(parsed)) return `${address} is excluded`;
      if (names.some((matches) => matches(host))) return `${host} is excluded`;
      if (isAllowed !== null) return isAllowed(parsed) ? null : `${address} is outside the allow-list`;
      if (host === address) return null;
      if (isSpecial(parsed)) return `${address} is special-purpose and was not named as a target itself`;
      if (learned && isLoopback(parsed)) return `${host} was learned and points to loopback`;
      return null;
    },
    rangeRefusal(range) {
      const left = subtractRanges(range, holes);
      if (left.length === 0) return 'is excluded by scan.exclude';
      if (allowed === null || left.some((part) => allowed.some((one) => meet(part, one)))) return null;
      return 'is outside scan.scope';
    },
  };
}

function meet(one: AddressRange, other: AddressRange): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

/** A scope that can be replaced while scans ask it. */
export interface LiveScope extends Scope {
  /** Takes effect with the next connection. Throws, and changes nothing, when an entry cannot be read. */
  replace(config: ScopeConfig): void;
}

/** See {@link LiveScope}. */
export function createLiveScope(config: ScopeConfig): LiveScope {
  let current = createScope(config);
  return {
    get excluded() {
      return current.excluded;
    },
    refusal: (host, address, learned) => current.refusal(host, address, learned),
    rangeRefusal: (range) => current.rangeRefusal(range),
    replace(next) {
      current = createScope(next);
    },
  };
}

function readRanges(entries: readonly string[]): AddressRange[] {
  return entries.map(readRange);
}

/** An entry of `scope`. Throws one sentence when it is none. */
export function readRange(entry: string): AddressRange {
  const range = parseRange(entry);
  if (range === undefined) throw new Error(`"${entry}" is not an address, CIDR or range`);
  return range;
}

/** An entry of `exclude`: a range of addresses, or what tells whether a name is meant. Throws one sentence when it is neither. */
export function readExclusion(entry: string): AddressRange | ((host: string) => boolean) {
  if (entry.includes('/') || entry.includes(':')) return readRange(entry);
  return parseRange(entry) ?? excludedName(entry);
}

function excludedName(entry: string): (host: string) => boolean {
  if (!entry.startsWith('*.')) {
    const name = hostName(entry);
    return (host) => host === name;
  }
  const suffix = `.${hostName(entry.slice(2))}`;
  return (host) => host.endsWith(suffix);
}

function ownAddresses(): AddressRange[] {
  const entries = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return entries.flatMap((entry) => parseAddress(splitZone(entry.address).address) ?? []);
}
