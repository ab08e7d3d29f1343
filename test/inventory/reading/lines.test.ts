import assert from 'node:assert/strict';
import { it } from 'node:test';
import { chunked, collect } from '../../support/collect.js';
import { lines } from '../../../src/inventory/reading/lines.js';

for (const size of [1, 2, 3, 1_000])
  it(`splits lines in chunks of ${size} bytes, characters of several bytes included`, async () => {
    const text = '\uFEFFeins\r\nzw\u00e9i\n\n\u{1F600}drei\r';
    const found = await collect(lines(chunked(Buffer.from(text), size)));
    assert.deepEqual(
      found.map((line) => [line.number, line.text]),
      [
        [1, 'eins'],
        [2, 'zw\u00e9i'],
        [3, ''],
        [4, '\u{1F600}drei'],
      ],
    );
  });

it('cuts a line that does not end, in bounded memory', async () => {
  async function* endless() {
    for (let n = 0; n < 3_000; n += 1) yield Buffer.alloc(65_536, 'x');
    yield Buffer.from('\nnext');
  }
  const before = process.memoryUsage().rss;
  const found = await collect(lines(endless(), 100));
  assert.deepEqual(found, [
    { number: 1, text: 'x'.repeat(100), cut: true },
    { number: 2, text: 'next', cut: false },
  ]);
  assert.ok(process.memoryUsage().rss - before < 100_000_000);
});
