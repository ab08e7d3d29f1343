import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSuffixTable } from '../../../../scanners/ct/match/suffix-table.js';
import { concernsDomain } from '../../../../src/x509/read/names.js';
import { seeded } from '../../../ct/shared.js';

const items = ['example.com', 'www.example.org', 'b.test', '192.0.2.1'];
const table = createSuffixTable(items);
const mayContain = (name: string): boolean | 'unusual' => {
  const bytes = Buffer.from(`..${name}..`, 'latin1');
  return table.mayContain(bytes, 2, bytes.length - 2);
};

describe('a suffix table', () => {
  for (const [name, expected] of [
    ['example.com', true],
    ['EXAMPLE.Com', true],
    ['a.b.example.com', true],
    ['example.com.', true],
    ['*.example.com', true],
    ['notexample.com', false],
    ['example.com.evil.test', false],
    ['com', false],
    ['', false],
    ['.', false],
    ['www.example.org', true],
    ['example.org', false],
    ['*.example.org', true],
    ['*.org', true],
    ['*.*.org', true],
    ['*.net', false],
    ['w*.example.org', true],
    ['192.0.2.1', true],
    ['192.0.2.10', false],
    ['exa mple.com', 'unusual'],
    ['example.com\0.evil.test', 'unusual'],
    ['?.example.com', true],
    ['*.ex?mple.net', 'unusual'],
    ['b\u00fccher.net', 'unusual'],
  ] as const)
    it(`says ${expected} of ${JSON.stringify(name)}`, () => {
      assert.equal(mayContain(name), expected);
    });

  it('never says no to a name that concerns an item, and gives that item as a candidate', () => {
    const random = seeded(21);
    const labels = ['a', 'b', 'www', 'x-1', '*', 'w*', '_dmarc', 'example'];
    const pick = (): string => labels[Math.floor(random() * labels.length)]!;
    const name = (): string => Array.from({ length: 1 + Math.floor(random() * 4) }, pick).join('.');
    const watched = Array.from({ length: 300 }, () => name().replaceAll('*', 'y'));
    const large = createSuffixTable(watched);
    for (let round = 0; round < 5000; round += 1) {
      const candidate = name();
      const bytes = Buffer.from(candidate);
      const concerned = watched.flatMap((item, index) => (concernsDomain(candidate, item) ? [index] : []));
      if (concerned.length === 0) continue;
      assert.notEqual(large.mayContain(bytes, 0, bytes.length), false, candidate);
      const given = new Set(large.candidates(candidate));
      for (const index of concerned) assert.ok(given.has(index), `${candidate} ${watched[index]}`);
    }
  });

  it('of nothing contains nothing', () => {
    const empty = createSuffixTable([]);
    const bytes = Buffer.from('*.example.com');
    assert.equal(empty.mayContain(bytes, 0, bytes.length), false);
    assert.deepEqual([...empty.candidates('example.com')], []);
  });
});
