import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  authorityName,
  count,
  duration,
  grouped,
  keyText,
  longMinute,
  minute,
  percent,
  plural,
  relative,
  shortHash,
} from '../../src/console/lib/format.js';

const now = new Date('2026-11-24T09:41:00Z');
const second = 1_000;
const minuteMs = 60 * second;
const hour = 60 * minuteMs;
const dayMs = 24 * hour;

describe('a length of time', () => {
  for (const [ms, text] of [
    [0, '0 ms'],
    [999, '999 ms'],
    [7_900, '7.9 s'],
    [48 * second, '48 s'],
    [99 * second, '99 s'],
    [100 * second, '2 min'],
    [99 * minuteMs, '99 min'],
    [100 * minuteMs, '2 h'],
    [31 * hour, '31 h'],
    [71 * hour, '71 h'],
    [72 * hour, '3 days'],
    [40.9 * dayMs, '40 days'],
    [799 * dayMs, '799 days'],
    [1_200 * dayMs, '3 years'],
  ] as const)
    it(`is ${text}`, () => assert.equal(duration(ms), text));
});

describe('an instant seen from now', () => {
  for (const [ms, text] of [
    [0, 'now'],
    [-9_999, 'now'],
    [10_000, 'in 10 s'],
    [-12 * minuteMs, '12 min ago'],
    [31 * hour, 'in 31 h'],
    [-2.5 * dayMs, '60 h ago'],
    [-5 * dayMs, '5 days ago'],
  ] as const)
    it(`is ${text}`, () => assert.equal(relative(new Date(now.getTime() + ms), now), text));
});

it('writes instants in UTC, with the zone', () => {
  assert.equal(minute(now), '24 Nov 2026 09:41 UTC');
  assert.equal(longMinute(now), 'Tuesday, 24 November 2026, 09:41 UTC');
});

it('groups digits and counts words', () => {
  assert.equal(count(18_207), '18,207');
  assert.equal(plural(1, 'finding'), '1 finding');
  assert.equal(plural(0, 'finding'), '0 findings');
  assert.equal(plural(2, 'delivery', 'deliveries'), '2 deliveries');
  assert.equal(grouped('06af50c51ee6d'), '06af 50c5 1ee6 d');
});

describe('a share', () => {
  for (const [part, whole, text] of [
    [1, 2, '50 %'],
    [974, 1_000, '97.4 %'],
    [999_999, 1_000_000, '99.9 %'],
    [1, 1_000_000, '0.1 %'],
    [5, 5, '100 %'],
    [0, 5, '0 %'],
    [0, 0, null],
  ] as const)
    it(`of ${part} in ${whole} is ${text ?? 'nothing'}`, () => assert.equal(percent(part, whole), text));
});

it('shortens long hashes only', () => {
  assert.equal(
    shortHash('d3a7f09b6e4182c5573b0ce9814fa26dd05e39b7c8f1624ab97e0d5381c6f24a'),
    'd3a7f09b…f24a',
  );
  assert.equal(shortHash('0123456789abcdef'), '0123456789abcdef');
});

describe('the name of an authority', () => {
  for (const [name, shown] of [
    ["CN=R12,O=Let's Encrypt,C=US", "Let's Encrypt R12"],
    ['CN=DigiCert Global G2,O=DigiCert Inc,C=US', 'DigiCert Global G2'],
    ['O=Only An Organisation', 'Only An Organisation'],
    ['CN=Acme\\, Inc. CA,O=Acme\\, Inc.', 'Acme, Inc. CA'],
    ['no distinguished name', 'no distinguished name'],
    ['', ''],
  ] as const)
    it(`of ${name || 'nothing'} is ${shown || 'nothing'}`, () => assert.equal(authorityName(name), shown));
});

it('names keys by curve or bits', () => {
  assert.equal(keyText({ type: 'EC', bits: 256, curve: 'P-256' }), 'EC P-256');
  assert.equal(keyText({ type: 'RSA', bits: 2048, curve: null }), 'RSA 2048');
  assert.equal(keyText({ type: 'Ed25519', bits: null, curve: null }), 'Ed25519');
  assert.equal(keyText(null), 'unknown');
});
