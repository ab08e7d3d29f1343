import { hash } from 'node:crypto';
import { elementEnd, type Layout } from '../../../src/x509/read/layout.js';
import { readName } from '../../../src/x509/read/distinguished-name.js';
import { addressText } from '../../../src/x509/read/general-names.js';
import {
  createNameRanges,
  locateNames,
  nameKinds,
  type NameRanges,
} from '../../../src/x509/read/locate-names.js';
import { Problems } from '../../../src/x509/read/problems.js';
import type { LookAlikes } from './look-alikes.js';
import { createSuffixTable } from './suffix-table.js';
import { foldText, type WatchList } from './watch-list.js';

/**
 * Says of the certificate (or TBSCertificate) in [start, end) whether it may match the watch list, from offsets alone: false is
 * certain, true means that it is worth reading in full. What is not quite usual always may match.
 */
export type EntryFilter = (bytes: Buffer, start: number, end: number, kind: 'certificate' | 'tbs') => boolean;

/** Says whether the octets in [start, end) may be what is looked for. */
type MayBe = (bytes: Buffer, start: number, end: number) => boolean;
type MayMatch = (bytes: Buffer, layout: Layout) => boolean;

/** A filter for the list; `lookAlikes` null when they are not wanted. */
export function createEntryFilter(list: WatchList, lookAlikes: LookAlikes | null): EntryFilter {
  if (list.everything) return () => true;
  const mayBe = nameChecks(list, lookAlikes);
  const others: MayMatch[] = [
    ...(list.issuers.length > 0 ? [issuerCheck(list.issuers)] : []),
    ...(list.publicKeys.length > 0 ? [keyCheck(new Set(list.publicKeys))] : []),
  ];
  const ranges = createNameRanges();
  return (bytes, start, end, kind) =>
    !locateNames(bytes, start, end, kind === 'tbs', ranges) ||
    mayConcern(bytes, ranges, mayBe) ||
    others.some((check) => check(bytes, ranges.layout));
}

function mayConcern(bytes: Buffer, { count, kinds, starts, ends }: NameRanges, mayBe: MayBe[]): boolean {
  for (let index = 0; index < count; index += 1)
    if (mayBe[kinds[index] ?? 0]?.(bytes, starts[index] ?? 0, ends[index] ?? 0) !== false) return true;
  return false;
}

/** A check for each of the {@link nameKinds}. */
function nameChecks(list: WatchList, lookAlikes: LookAlikes | null): MayBe[] {
  const table = createSuffixTable([...list.domains, ...list.names, ...list.ipAddresses]);
  const addresses = new Set(list.ipAddresses);
  const organizations = new Set(list.organizations);
  const mayBeHost: MayBe = (bytes, start, end) =>
    table.mayContain(bytes, start, end) !== false ||
    (lookAlikes !== null && lookAlikes(bytes.toString('latin1', start, end)) !== null);
  const checks: MayBe[] = [];
  checks[nameKinds.commonName] = mayBeHost;
  checks[nameKinds.dnsName] = mayBeHost;
  checks[nameKinds.ipAddress] = (bytes, start, end) =>
    addresses.size > 0 && addresses.has(addressText(bytes, start, end) ?? '');
  checks[nameKinds.organization] = (bytes, start, end) => {
    if (organizations.size === 0) return false;
    const text = bytes.toString('latin1', start, end);
    return organizations.has(foldText(text)) || !plainText.test(text);
  };
  return checks;
}

/** Text that compares equal whatever its string type. */
const plainText = /^[ -~]*$/;

/** Issuer names repeat by the million: each is read once. */
function issuerCheck(issuers: readonly string[]): MayMatch {
  const memory = new Map<string, boolean>();
  return (bytes, { issuer }) => {
    const end = elementEnd(bytes, issuer);
    const der = bytes.toString('latin1', issuer, end);
    let matches = memory.get(der);
    if (matches === undefined) {
      const text = foldText(readName(bytes, issuer, end, new Problems()).text);
      matches = issuers.some((wanted) => text.includes(wanted));
      if (memory.size > 20_000) memory.clear();
      memory.set(der, matches);
    }
    return matches;
  };
}

function keyCheck(publicKeys: ReadonlySet<string>): MayMatch {
  return (bytes, { publicKey }) =>
    publicKeys.has(hash('sha256', bytes.subarray(publicKey, elementEnd(bytes, publicKey)), 'hex'));
}
