/** What a text that is no host looks like, and what to write instead. The first that matches speaks. */
const likenesses: readonly (readonly [pattern: RegExp, advice: (match: RegExpExecArray) => string])[] = [
  [
    /^[a-z][a-z0-9+.-]*:\/\//i,
    ({ input }) => `is a URL; write the host, or host:port, without scheme and path${fromUrl(input)}`,
  ],
  [/^\/\/|\?|#/, () => 'is part of a URL; write the host, or host:port'],
  [
    /^(?:mailto:)?[^\s@/]+@([^\s@/:]+)(?::\d*)?$/i,
    ([, domain = '']) => `is an e-mail address; write ${domain}, or mx:${domain} for its mail servers`,
  ],
  [
    /^AS\d{1,10}(:|$)/i,
    ({ input }) =>
      `is the number of an autonomous system; write its address ranges as CIDRs (or "${input.replace(/(:|$)/, '.$1')}" for a host of that name)`,
  ],
  [
    /^(\.{0,2}|~)\/|^[a-z]:\\|^\\\\|\.(txt|csv|lst|list)$/i,
    ({ input }) => `looks like a file; write @${input} to read targets from it`,
  ],
  [/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i, () => 'is a hardware address; write the IP address'],
  [
    /^([0-9a-f]{2}:?){20}$|^([0-9a-f]{2}:?){32}$/i,
    () => 'is a fingerprint; write where the certificate is served',
  ],
  [/^(CN|OU?)\s*=|^(DNS|IP):(?!\d+([,-]|$))/i, () => 'is part of a certificate; write the host alone'],
  [
    /^\*|\*$/,
    ({ input }) =>
      /^[\d.*]+$/.test(input)
        ? 'has a wildcard; write a CIDR (10.0.0.0/24) or a range (10.0.0.1-254)'
        : 'has a wildcard, and a wildcard cannot be connected to; write the names it stands for',
  ],
  [
    /^([\d.]+)\/(\d+\.\d+\.\d+\.\d+)$/,
    ([, address = '', mask = '']) =>
      `has a netmask; write ${address}/${prefixOf(mask) ?? 'and the prefix length'}`,
  ],
  [
    /^\d+(-\d+)?(\.\d+(-\d+)?){3}(:|$)/,
    () =>
      'is not a host name or address; octets go from 0 to 255 without leading zeros, and only the last may be a range (10.0.0.1-254)',
  ],
  [
    /^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,2}$/i,
    () => 'is not a host name or address; write all four octets in decimal (127.0.0.1)',
  ],
  [/^[\d.]+%/, () => 'has a zone, which only IPv6 addresses have'],
  [/^((?=[^/]*[a-z])[^/\s]+\.[^/\s]+|localhost)\/\S*$/i, ([, host = '']) => `has a path; write ${host}`],
  [/\s|;|^[^:]*,/, () => 'is not a host name but several words; write each target by itself'],
  [/\.\./, () => 'has an empty label; write a single dot between labels'],
  [/%/, () => 'has a zone that cannot be read; write fe80::1%eth0, or [fe80::1%eth0]:443'],
  [/[[\]]/, () => 'has brackets that hold no IPv6 address; write [2001:db8::1]:443'],
  [
    /^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*$/i,
    () => 'is not an IPv6 address; with a port write it in brackets ([2001:db8::1]:443)',
  ],
  [/^[^:]*:[^:]*:/, () => 'has more than one port; write host:443,8443'],
];

/**
 * One sentence on a text that is no target: what it looks like and what to write instead. Null when it looks like a host;
 * whether it is one is for others to say.
 */
export function notAHost(text: string): string | null {
  for (const [pattern, advice] of likenesses) {
    const match = pattern.exec(text);
    if (match !== null) return `"${text}" ${advice(match)}`;
  }
  return null;
}

/** `host:port` of a URL where it can be read, the port left out where it is the usual one. */
function fromUrl(text: string): string {
  const host = /^[^:]+:\/\/(?:[^/?#@]*@)?([^/?#]+)/.exec(text)?.[1] ?? '';
  return host === '' ? '' : `: ${host}`;
}

/** Length of the prefix that a netmask stands for; undefined when it is none. */
function prefixOf(mask: string): number | undefined {
  const octets = mask.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'));
  const [, ones = null] = /^(1*)0*$/.exec(octets.join('')) ?? [];
  return ones === null || octets.some((octet) => octet.length > 8) ? undefined : ones.length;
}
