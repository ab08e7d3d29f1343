import ipaddr from 'ipaddr.js';

/** Addresses of one family from `first` to `last`, both included, as unsigned numbers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** How many addresses the range holds. */
export function rangeSize(range: AddressRange): bigint {
  return range.last - range.first + 1n;
}

/**
 * Reads an address, a CIDR (`10.0.0.0/8`, `fd00::/120`) or a range (`10.0.0.1-10.0.0.9`, `10.0.0.1-9`). Host bits of a CIDR
 * are cleared; IPv4-mapped IPv6 becomes IPv4. Undefined when the text is none of these; throws with the reason when it
 * looks like one but is not valid.
 */
export function parseRange(text: string): AddressRange | undefined {
  const [start = '', end] = text.split('-', 2);
  const first = parseAddress(start);
  if (end !== undefined) {
    if (first === undefined) return undefined;
    const last = parseAddress(/^\d{1,3}$/.test(end) ? start.replace(/\d+$/, end) : end);
    if (last === undefined || last.family !== first.family || text.split('-').length > 2)
      throw new Error(`"${text}" is not a range of addresses`);
    if (last.first < first.first)
      throw new Error(`the range "${text}" ends before it starts; write the lower address first`);
    return { family: first.family, first: first.first, last: last.first };
  }
  if (first !== undefined) return first;
  const slash = text.indexOf('/');
  const network = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  return network && cidrRange(text, network, text.slice(0, slash), text.slice(slash + 1));
}

function cidrRange(text: string, network: AddressRange, address: string, length: string): AddressRange {
  const written = address.includes(':') ? 128 : 32;
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : NaN;
  const bits = network.family === 4 ? 32 : 128;
  const hostBits = BigInt(written - prefix >= 0 ? written - prefix : -1);
  if (hostBits < 0n || hostBits > BigInt(bits))
    throw new Error(`the prefix length of "${text}" is not valid; write 0 to 32 for IPv4, 0 to 128 for IPv6`);
  const first = (network.first >> hostBits) << hostBits;
  return { family: network.family, first, last: first + (1n << hostBits) - 1n };
}

/** One address as a range of size 1; undefined when the text is not an address in usual notation. */
export function parseAddress(text: string): AddressRange | undefined {
  const number = parseIpv4(text);
  if (number !== undefined) {
    const value = BigInt(number);
    return { family: 4, first: value, last: value };
  }
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  if (address.isIPv4MappedAddress()) return parseAddress(address.toIPv4Address().toString());
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: 6, first: value, last: value };
}

/** Separates the zone of an IPv6 address (`fe80::1%eth0`, RFC 4007 section 11) from the address; `zone` is empty without one. */
export function splitZone(text: string): { readonly address: string; readonly zone: string } {
  const at = text.indexOf('%');
  return at < 0 ? { address: text, zone: '' } : { address: text.slice(0, at), zone: text.slice(at + 1) };
}

/** Dotted quad, no leading zeros, to unsigned number; undefined for any other text. By hand: it is asked for every connection. */
function parseIpv4(text: string): number | undefined {
  let [value, octet, digits, dots] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e && digits > 0) {
      value = value * 256 + octet;
      [octet, digits, dots] = [0, 0, dots + 1];
    } else if (code >= 0x30 && code <= 0x39 && (digits === 0 || octet > 0)) {
      octet = octet * 10 + code - 0x30;
      digits += 1;
    } else return undefined;
    if (octet > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : undefined;
}

/** Canonical text: dotted quad, or RFC 5952. */
export function formatAddress(family: 4 | 6, value: bigint): string {
  if (family === 4) return formatIpv4(Number(value));
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  return new ipaddr.IPv6(groups).toRFC5952String();
}

/** Unsigned number to dotted quad. */
export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** Sorted, without overlaps and neighbours joined; families apart (4 before 6). */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = [...ranges].sort((x, y) => x.family - y.family || (x.first < y.first ? -1 : 1));
  const merged: AddressRange[] = [];
  for (const range of sorted) {
    const before = merged.at(-1);
    if (before?.family === range.family && range.first <= before.last + 1n) {
      if (range.last > before.last) merged[merged.length - 1] = { ...before, last: range.last };
    } else merged.push(range);
  }
  return merged;
}

/** What is left of `range` without `holes` (merged). */
export function subtractRanges(range: AddressRange, holes: readonly AddressRange[]): AddressRange[] {
  const left: AddressRange[] = [];
  let first = range.first;
  for (const hole of holes) {
    if (hole.family !== range.family || hole.last < first || hole.first > range.last) continue;
    if (hole.first > first) left.push({ family: range.family, first, last: hole.first - 1n });
    first = hole.last + 1n;
  }
  if (first <= range.last) left.push({ family: range.family, first, last: range.last });
  return left;
}

/** A set of addresses built from ranges; membership by binary search. */
export function addressSet(ranges: readonly AddressRange[]): (address: AddressRange) => boolean {
  const merged = mergeRanges(ranges);
  return ({ family, first }) => {
    let low = 0;
    let high = merged.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = merged[middle];
      if (range === undefined) return false;
      if (range.family === family && range.first <= first && first <= range.last) return true;
      if (range.family > family || (range.family === family && range.first > first)) high = middle - 1;
      else low = middle + 1;
    }
    return false;
  };
}
