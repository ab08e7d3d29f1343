import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAddress } from '../../../../scanners/tls/targets/addresses.js';
import {
  hostName,
  parseExpression,
  parsePorts,
  serverNameOf,
} from '../../../../scanners/tls/targets/expression.js';

function described(text: string): string {
  const expression = parseExpression(text);
  if (expression.kind === 'range') {
    const { family, first, last } = expression.range;
    const zone = expression.zone === null ? '' : ` ${expression.zone}`;
    return `${formatAddress(family, first)}-${formatAddress(family, last)} ${expression.ports ?? 'default'}${zone}`;
  }
  if (expression.kind === 'host') return `${expression.host} ${expression.ports ?? 'default'}`;
  return JSON.stringify(expression);
}

describe('A target expression', () => {
  const cases: readonly (readonly [text: string, expected: string])[] = [
    ['example.com', 'example.com default'],
    ['Example.COM.', 'example.com default'],
    ['example.com:8443', 'example.com 8443'],
    ['example.com:443,9000-9002', 'example.com 443,9000,9001,9002'],
    ['_dmarc-host.example', '_dmarc-host.example default'],
    ['bücher.example', 'xn--bcher-kva.example default'],
    ['10-0-0-1.example.com', '10-0-0-1.example.com default'],
    ['192.0.2.7', '192.0.2.7-192.0.2.7 default'],
    ['192.0.2.7:25', '192.0.2.7-192.0.2.7 25'],
    ['10.0.0.0/30', '10.0.0.0-10.0.0.3 default'],
    ['10.0.0.77/24:8443', '10.0.0.0-10.0.0.255 8443'],
    ['0.0.0.0/0', '0.0.0.0-255.255.255.255 default'],
    ['10.0.0.1-10.0.1.4', '10.0.0.1-10.0.1.4 default'],
    ['10.0.0.1-9', '10.0.0.1-10.0.0.9 default'],
    ['::1', '::1-::1 default'],
    ['[::1]', '::1-::1 default'],
    ['[2001:DB8:0:0::1]:8443', '2001:db8::1-2001:db8::1 8443'],
    ['fd00::/126', 'fd00::-fd00::3 default'],
    ['[fd00::/126]:636', 'fd00::-fd00::3 636'],
    ['::ffff:192.0.2.7', '192.0.2.7-192.0.2.7 default'],
    ['::ffff:192.0.2.0/120', '192.0.2.0-192.0.2.255 default'],
    ['[fe80::1%eth0]:443', 'fe80::1-fe80::1 443 eth0'],
    ['fe80::1%br-1a2b', 'fe80::1-fe80::1 default br-1a2b'],
    ['[FE80::1%25en0.100]', 'fe80::1-fe80::1 default en0.100'],
    ['fe80::%3/126', 'fe80::-fe80::3 default 3'],
    ['[fe80::1%eth0-fe80::3%eth0]:25', 'fe80::1-fe80::3 25 eth0'],
    ['AS64500.', 'as64500 default'],
    ['as-64500.example', 'as-64500.example default'],
    ['dns:443', 'dns 443'],
    ['ip:443,8443', 'ip 443,8443'],
    ['localhost', 'localhost default'],
    ['-', '{"kind":"stdin"}'],
    ['@hosts.txt', '{"kind":"file","path":"hosts.txt"}'],
    ['MX:example.com', '{"kind":"service","record":"mx","name":"example.com"}'],
    ['srv:_imaps._tcp.example.com', '{"kind":"service","record":"srv","name":"_imaps._tcp.example.com"}'],
  ];
  for (const [text, expected] of cases) it(`${text} is read`, () => assert.equal(described(text), expected));

  const bad: readonly (readonly [text: string, message: RegExp])[] = [
    ['https://example.com/', /is a URL; write the host/],
    ['*.example.com', /wildcard cannot be connected to/],
    ['example.com:0', /is not a port/],
    ['example.com:65536', /is not a port/],
    ['example.com:https', /is not a port/],
    ['256.0.0.1', /is not a host name/],
    ['127.1', /is not a host name/],
    ['2130706433', /is not a host name/],
    ['0x7f000001', /is not a host name/],
    ['10.0.0.0/33', /prefix length/],
    ['10.0.0.0/-1', /neither a host/],
    ['::/129', /prefix length/],
    ['10.0.0.9-10.0.0.1', /ends before it starts/],
    ['10.0.0.1-::1', /is not a range/],
    ['10.0.0.1-2-3', /is not a range/],
    ['fe80::1%eth 0', /several words/],
    ['fe80::1%', /zone that cannot be read/],
    ['127.0.0.1%lo', /zone, which only IPv6 addresses have/],
    ['[fe80::1%a-fe80::9%b]', /zone that cannot be read/],
    ['AS64500', /autonomous system; write its address ranges as CIDRs .*"AS64500\."/],
    ['as64500:443', /autonomous system/],
    ['user@example.com', /e-mail address; write example\.com, or mx:example\.com/],
    ['mailto:user@example.com', /e-mail address; write example\.com/],
    ['ldap://user:pw@[2001:db8::1]:636/x?y', /is a URL; .*: \[2001:db8::1\]:636$/],
    ['//example.com/x', /part of a URL/],
    ['example.com?x=y', /part of a URL/],
    ['example.com/path', /has a path; write example\.com$/],
    ['example.com:8443/path', /has a path; write example\.com:8443$/],
    ['/etc/hosts', /looks like a file; write @\/etc\/hosts/],
    ['hosts.txt', /looks like a file; write @hosts\.txt/],
    ['00:11:22:aa:bb:cc', /hardware address/],
    ['00-11-22-AA-BB-CC', /hardware address/],
    [`${'ab:'.repeat(19)}ab`, /fingerprint/],
    ['ab'.repeat(32), /fingerprint/],
    ['CN=www.example.com', /part of a certificate/],
    ['DNS:www.example.com', /part of a certificate/],
    ['10.0.0.*', /wildcard; write a CIDR/],
    ['10.0.0.0/255.255.255.0', /netmask; write 10\.0\.0\.0\/24$/],
    ['10.0.0.0/255.255.0.255', /netmask/],
    ['10.0.0-5.1', /octets go from 0 to 255/],
    ['010.0.0.1', /without leading zeros/],
    ['a.example,b.example', /write each target by itself/],
    ['a..example', /empty label/],
    ['2001:db8::1::443', /not an IPv6 address; with a port write it in brackets/],
    ['example.com:443:8443', /more than one port/],
    ['[::1', /brackets/],
    ['[example.com]:443', /brackets/],
    ['srv:example.com', /write srv:_service\._tcp\.domain/],
    ['srv:_sip._udp.example.com', /names no service over TCP/],
    ['a/b', /neither a host/],
    ['', /is not a host name/],
    ['exa mple.com', /is not a host name/],
    ['-x.example', /is not a host name/],
    [`${'a'.repeat(64)}.example`, /is not a host name/],
    ['mx:', /is not a port|is not a host name/],
  ];
  for (const [text, message] of bad)
    it(`${text || 'the empty text'} is refused with the reason`, () =>
      assert.throws(() => parseExpression(text), message));

  it('never throws anything but an Error with a sentence', () => {
    let state = 7;
    const next = (below: number): number =>
      (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below;
    const alphabet = '0123456789abcdefx.:-/[]@%,*_ \u0000ü';
    for (let round = 0; round < 20_000; round += 1) {
      const text = Array.from({ length: next(24) }, () => alphabet[next(alphabet.length)]).join('');
      try {
        parseExpression(text);
      } catch (error) {
        assert.ok(error instanceof Error && error.message.length > 10, text);
      }
    }
  });
});

describe('A server name', () => {
  for (const [text, expected] of [
    ['WWW.Example.Test.', 'www.example.test'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
    [' a_b.example ', 'a_b.example'],
  ] as const)
    it(`${text} is sent as ${expected}`, () => assert.equal(serverNameOf(text), expected));

  for (const text of ['127.0.0.1', '::1', '[::1]', '[::1]:443', 'fe80::1%eth0', '10.0.0.0/8'])
    it(`${text} is an address and refused`, () =>
      assert.throws(() => serverNameOf(text), /never sent as server name/));

  for (const text of ['', 'a b', 'https://x.example', 'x.example:443', '*.example'])
    it(`${text || 'the empty text'} is refused`, () =>
      assert.throws(() => serverNameOf(text), /not a host name/));
});

describe('A port list', () => {
  it('is sorted and without repeats', () =>
    assert.deepEqual(parsePorts('8443, 443,440-443'), [440, 441, 442, 443, 8443]));
  it('may be a single port at either limit', () => {
    assert.deepEqual(parsePorts('1'), [1]);
    assert.deepEqual(parsePorts('65535'), [65_535]);
  });
});

describe('A host name', () => {
  it('of 253 characters is accepted, of 254 refused', () => {
    const label = 'a'.repeat(61);
    const longest = `${label}.${label}.${label}.${label}.${'b'.repeat(5)}`;
    assert.equal(longest.length, 253);
    assert.equal(hostName(longest), longest);
    assert.throws(() => hostName(`b${longest}`));
  });
});
