import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAddress } from '../../../../scanners/tls/targets/addresses.js';
import { hostName, parseExpression, parsePorts } from '../../../../scanners/tls/targets/expression.js';

function described(text: string): string {
  const expression = parseExpression(text);
  if (expression.kind === 'range') {
    const { family, first, last } = expression.range;
    return `${formatAddress(family, first)}-${formatAddress(family, last)} ${expression.ports ?? 'default'}`;
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
    ['fe80::1%eth0', /neither a host/],
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
