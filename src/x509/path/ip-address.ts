import ipaddr from 'ipaddr.js';

/** Octets of an IPv4 or IPv6 address in text (no zone, no legacy forms), or null. */
export function parseAddress(text: string): Uint8Array | null {
  // ipaddr.js throws inside for every host name, which costs 40 us: most are told by their first look.
  if (/^[\d.]+$/.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text))
    return Uint8Array.from(ipaddr.IPv4.parse(text).toByteArray());
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null;
  return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
}

/** Text of 4 or 16 octets: dotted decimal (RFC 3986 section 3.2.2), or RFC 5952. Other lengths: hex. */
export function addressText(octets: Uint8Array): string {
  if (octets.length === 4 || octets.length === 16) {
    const address = ipaddr.fromByteArray([...octets]);
    return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
  }
  return Buffer.from(octets).toString('hex');
}

/** Canonical text of an address in any notation that some program reads, decimal, octal or hexadecimal of one to four parts; null: none. */
export function looseAddressText(text: string): string | null {
  if (!/^[\da-fx.:]+$/i.test(text) || !ipaddr.isValid(text)) return null;
  return addressText(Uint8Array.from(ipaddr.parse(text).toByteArray()));
}

/** True for addresses that are not reserved: the only ones that a public CA may certify. Never throws for text of {@link addressText}. */
export function isPublicAddress(text: string): boolean {
  return ipaddr.isValid(text) && ipaddr.parse(text).range() === 'unicast';
}

/** True when a mask is ones followed by zeros (RFC 4632 section 3.1). */
export function isContiguousMask(mask: Uint8Array): boolean {
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}

/** True when `address` lies in `range`: network then mask, twice the address's length. */
export function isInRange(address: Uint8Array, range: Uint8Array): boolean {
  const { length } = address;
  if (range.length !== length * 2) return false;
  return address.every((octet, at) => {
    const mask = range[length + at] ?? 0;
    return (octet & mask) === ((range[at] ?? 0) & mask);
  });
}
