import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { keyOfHash, keyOfPair, RecentKeys } from '../../src/lib/recent-keys.js';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('keys that were written lately', () => {
  it('are known until they are cleared', () => {
    const recent = new RecentKeys(64);
    const key = keyOfHash(hash('one'));
    assert.ok(!recent.has(key));
    recent.add(key);
    assert.ok(recent.has(key));
    recent.clear();
    assert.ok(!recent.has(key));
  });

  it('are known with the last value of their texts only', () => {
    const recent = new RecentKeys(64);
    const [first, second] = ['first', 'second'].map((leaf) => keyOfPair(['host', '::1'], hash(leaf)));
    assert.ok(first && second);
    for (const key of [first, second, first, second]) recent.add(key);
    assert.ok(recent.has(second) && !recent.has(first));
  });

  it('tell texts apart by where one ends', () => {
    const texts = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc']];
    assert.equal(new Set(texts.map((some) => String(keyOfPair(some, '')))).size, texts.length);
  });

  it('do not push one another out while a tenth of the room is taken', () => {
    const recent = new RecentKeys(2 ** 17);
    const keys = Array.from({ length: 13_000 }, (_, n) =>
      keyOfPair([`h${n}.example.com`, `10.0.0.${n}`], ''),
    );
    for (const key of keys) recent.add(key);
    const lost = keys.filter((key) => !recent.has(key)).length;
    assert.ok(lost < 13, `${lost} lost`);
  });

  it('are found again in good part where they are twice as many as fit', () => {
    const recent = new RecentKeys(1_024);
    const keys = Array.from({ length: 2_048 }, (_, n) => keyOfHash(hash(String(n))));
    let found = 0;
    for (let round = 0; round < 10; round += 1)
      for (const key of keys) {
        if (recent.has(key)) found += 1;
        recent.add(key);
      }
    assert.ok(found > 2_048, `${found} of ${keys.length * 10}`);
  });
});
