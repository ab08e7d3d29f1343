import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprint, serialHex, sha256Hex } from '../../../src/inventory/reading/identity.js';

const sha256 = 'ab'.repeat(32);
const sha1 = 'cd'.repeat(20);
const colons = (hex: string): string => hex.toUpperCase().match(/../g)!.join(':');

describe('fingerprints', () => {
  for (const [text, expected] of [
    [sha256, { sha256 }],
    [colons(sha256), { sha256 }],
    [`sha256 Fingerprint=${colons(sha256)}`, { sha256 }],
    [` ${sha256.toUpperCase()} `, { sha256 }],
    [sha1, { sha1 }],
    [colons(sha1).replaceAll(':', ' '), { sha1 }],
    [colons(sha1).replaceAll(':', '-'), { sha1 }],
    [sha256.slice(1), null],
    [`${sha256}0`, null],
    [`g${sha256.slice(1)}`, null],
    ['', null],
  ] as const)
    it(`reads ${text.slice(0, 30) || 'nothing'}`, () => assert.deepEqual(fingerprint(text), expected));
  it('tells SHA-256 from SHA-1', () =>
    assert.deepEqual([sha256Hex(sha256), sha256Hex(sha1)], [sha256, null]));
});

describe('one serial number as every system writes it', () => {
  for (const [text, format, expected] of [
    ['04:AF:00:1B', 'hex', '4af001b'],
    ['04-af-00-1b', 'decimal', '4af001b'],
    ['0x04AF001B', 'decimal', '4af001b'],
    ['4af001b', 'hex', '4af001b'],
    ['78577691', 'decimal', '4af001b'],
    ['0004AF001B', 'hex', '4af001b'],
    ['10', 'hex', '10'],
    ['10', 'decimal', 'a'],
    ['00', 'hex', '0'],
    ['-FF', 'hex', 'ff01'],
    ['-255', 'decimal', 'ff01'],
    ['-80', 'hex', '80'],
    ['-1', 'hex', 'ff'],
    ['-0', 'decimal', '0'],
    ['4af001b', 'decimal', null],
    ['xyz', 'hex', null],
    ['', 'hex', null],
    ['-', 'decimal', null],
    ['1'.repeat(600), 'hex', null],
    ['9'.repeat(300), 'decimal', null],
  ] as const)
    it(`reads ${text.slice(0, 12)} as ${format}`, () => assert.equal(serialHex(text, format), expected));
});
