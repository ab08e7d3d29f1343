import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which addresses may be connected to. Without opt-in: globally reachable unicast addresses only. */
export interface AddressRules {
  /** Also loopback, RFC 1918 and unique-local addresses; link-local (cloud metadata) and the rest stay closed. */
  readonly allowPrivate: boolean;
  /** Addresses and CIDRs that are open whatever they are, for example `10.1.2.0/24`. */
  readonly allow: readonly string[];
}

type Address = ReturnType<typeof ipaddr.parse>;
type Network = [Address, number];

const privateRanges = new Set(['loopback', 'private', 'uniqueLocal']);

/** Instance metadata services that answer inside otherwise private ranges: open only by name in `allow`. */
const metadata = ['fd00:ec2::/32', '169.254.0.0/16', '100.100.100.200/32', '192.0.0.192/32'].map(
  parseNetwork,
);

/** IPv6 forms that carry an IPv4 address, and where it stands: judged by that address (RFC 6052, RFC 3056, RFC 7915). */
const carriers: Readonly<Record<string, number>> = { rfc6052: 12, rfc6145: 12, '6to4': 2 };

/**
 * Not globally reachable although they pass for unicast: IPv4-compatible addresses (RFC 4291 section 2.5.5.1), translation prefixes
 * of a site's own, which hide an IPv4 address at a place only the site knows (RFC 8215), and the dummy prefix (RFC 9780).
 */
const special = ['::/96', '64:ff9b:1::/48', '100:0:0:1::/64'].map(parseNetwork);

/** Reads `address` or `address/bits`; throws for anything else. */
export function parseNetwork(text: string): Network {
  const network = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  if (isIP(text.split('/', 1)[0] ?? '') === 0 || !ipaddr.isValidCIDR(network))
    throw new Error(`${text} is no address or CIDR, for example 10.1.2.0/24`);
  const [address, bits] = ipaddr.parseCIDR(network);
  return [address, bits];
}

/** Judges addresses under `rules`: the returned function gives null for "may be connected to", else the reason in words. */
export function addressGuard(rules: AddressRules): (address: string) => string | null {
  const allowed = rules.allow.map(parseNetwork);
  return (text) => {
    const address = unwrap(text);
    if (address === null) return `${text} is no address`;
    if (allowed.some((network) => within(address, network))) return null;
    if (special.some((network) => within(address, network))) {
      if (rules.allowPrivate && address.range() === 'loopback') return null;
      return `${text} is not a public address (special)`;
    }
    const range = address.range();
    if (range === 'unicast') return null;
    if (
      rules.allowPrivate &&
      privateRanges.has(range) &&
      !metadata.some((network) => within(address, network))
    )
      return null;
    return `${text} is not a public address (${range})`;
  };
}

/** The address, or the IPv4 address it stands for. */
function unwrap(text: string): Address | null {
  if (isIP(text) === 0) return null;
  const address = ipaddr.process(text.replace(/%.*$/, ''));
  const offset = carriers[address.range()];
  if (address.kind() === 'ipv4' || offset === undefined) return address;
  if (special.some((network) => within(address, network))) return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(offset, offset + 4));
}

function within(address: Address, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
