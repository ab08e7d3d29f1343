import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostParts, hostPort } from '../../src/console/lib/host-parts.js';
import { ticksBetween, timeScale } from '../../src/console/lib/time-scale.js';
import { withKeys } from '../../src/console/lib/sets.js';

describe('a host', () => {
  for (const [host, own, rest] of [
    ['api.example.com', 'api.', 'example.com'],
    ['a.b.example.co.uk', 'a.b.', 'example.co.uk'],
    ['example.co.uk', 'example.co.uk', ''],
    ['example.com', 'example.com', ''],
    ['localhost', 'localhost', ''],
    ['192.0.2.10', '192.0.2.10', ''],
    ['2001:db8::1', '2001:db8::1', ''],
    ['*.example.com', '*.', 'example.com'],
    ['evil\u202e.example.com', 'evil\\u{202e}.', 'example.com'],
    ['nul\u0000.example.com', 'nul\\u{0}.', 'example.com'],
  ] as const)
    it(`${JSON.stringify(host)} is shown as ${own}|${rest}`, () =>
      assert.deepEqual(hostParts(host), { own, rest }));

  it('has its port, an IPv6 address brackets', () => {
    assert.equal(hostPort('example.com', 443), 'example.com:443');
    assert.equal(hostPort('2001:db8::1', 443), '[2001:db8::1]:443');
  });
});

const at = (text: string) => new Date(`${text}T00:00:00Z`);
const words = (from: string, to: string, most: number) =>
  ticksBetween(at(from), at(to), most).map(({ text }) => text);

describe('the ticks of a time axis', () => {
  it('are days when there are few', () => {
    assert.deepEqual(words('2026-11-28', '2026-12-01', 6), ['28 Nov', '29 Nov', '30 Nov', '1 Dec']);
  });
  it('are Mondays, months with the year at its start, then years', () => {
    assert.deepEqual(words('2026-11-24', '2026-12-20', 6), ['30 Nov', '7 Dec', '14 Dec']);
    assert.deepEqual(words('2026-10-15', '2027-02-20', 6), ['Nov', 'Dec', 'Jan 2027', 'Feb']);
    assert.deepEqual(words('2020-03-01', '2026-02-01', 6), ['2021', '2022', '2023', '2024', '2025', '2026']);
  });
  it('are never more than asked for, and lie between the ends', () => {
    for (const days of [0, 1, 5, 30, 90, 400, 4_000, 40_000])
      for (const most of [2, 5, 11]) {
        const [from, to] = [at('2026-01-15'), new Date(at('2026-01-15').getTime() + days * 86_400_000)];
        const ticks = ticksBetween(from, to, most);
        assert.ok(ticks.length <= most + 1, `${days} days: ${ticks.length}`);
        for (const tick of ticks) assert.ok(tick.at >= from && tick.at <= to);
      }
  });
});

it('maps instants to pixels', () => {
  const scale = timeScale(at('2026-01-01'), at('2026-01-11'), 100, 200);
  assert.equal(scale.x(at('2026-01-01')), 100);
  assert.equal(scale.x(at('2026-01-06')), 150);
  assert.equal(timeScale(at('2026-01-01'), at('2026-01-01'), 0, 10).x(at('2026-01-01')), 0);
});

it('adds keys to a set and removes them', () => {
  assert.deepEqual([...withKeys(new Set(['a']), ['b', 'c'], true)], ['a', 'b', 'c']);
  assert.deepEqual([...withKeys(new Set(['a', 'b']), ['a'], false)], ['b']);
});
