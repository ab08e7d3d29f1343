import * as der from '../../support/der-writer.js';
import { serialNumber } from '../../../src/rules/profile/serial-number.js';
import { aLeaf, aRoot, asked, askedPrivately, day, testProfile } from '../profile-support.js';

const numbered = (value: bigint, notBefore = day('2026-05-01')) =>
  aLeaf({ serial: der.integer(value), notBefore });

testProfile(serialNumber, [
  { name: 'passes 20 octets', input: asked(numbered((1n << 158n) | 1n)), expected: 'pass' },
  {
    name: 'flags 21 octets',
    input: asked(numbered(1n << 160n)),
    expected: 'serial-too-long',
    severity: 'error',
  },
  { name: 'flags a negative one', input: asked(numbered(-5n)), expected: 'serial-negative' },
  { name: 'flags zero', input: asked(numbered(0n)), expected: 'serial-zero' },
  {
    name: "weighs it less in a private CA's",
    input: askedPrivately(numbered(0n)),
    expected: 'serial-zero',
    severity: 'warning',
  },
  {
    name: 'notices one that cannot be random',
    input: asked(numbered(4711n)),
    expected: 'serial-short',
    severity: 'notice',
  },
  {
    name: 'passes it before the rule',
    input: asked(numbered(4711n, new Date('2016-09-29T23:59:59Z'))),
    expected: 'pass',
  },
  {
    name: 'does not apply to roots: nothing looks them up by it',
    input: asked(aRoot({ serial: der.integer(0) })),
    expected: 'not-applicable',
  },
]);
