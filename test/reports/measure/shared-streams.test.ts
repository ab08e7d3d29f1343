import assert from 'node:assert/strict';
import { it } from 'node:test';
import { z } from 'zod';
import type { StreamRows } from '../../../src/model/query.js';
import { Repeated } from '../../../src/reports/measure/repeated.js';
import { shareStreams } from '../../../src/reports/measure/shared-streams.js';
import { hash } from '../../store/sample.js';

const query = {
  name: 'numbers',
  description: '',
  parameters: z.object({ upTo: z.number() }),
  row: z.object({ value: z.number() }),
};

/** Streams numbers, and counts the streams that were opened, ended and failed. */
function source(failAt = Infinity) {
  const counts = { opened: 0, closed: 0 };
  const streamRows = async function* (_query: unknown, { upTo }: { upTo: number }) {
    counts.opened += 1;
    try {
      for (let value = 0; value < upTo; value += 1) {
        if (value === failAt) throw new Error('the store failed');
        yield { value };
      }
    } finally {
      counts.closed += 1;
    }
  } as unknown as StreamRows;
  return { counts, streamRows: shareStreams(streamRows) };
}

async function read(streamRows: StreamRows, upTo: number, most = Infinity): Promise<number> {
  let sum = 0;
  let count = 0;
  for await (const { value } of streamRows(query, { upTo })) {
    sum += value;
    if ((count += 1) === most) break;
  }
  return sum;
}

it('gives one answer to all that ask the same in the same turn', async () => {
  const { counts, streamRows } = source();
  const sums = await Promise.all([
    read(streamRows, 100),
    read(streamRows, 100),
    read(streamRows, 100, 3),
    read(streamRows, 10),
  ]);
  assert.deepEqual(sums, [4950, 4950, 3, 45]);
  assert.deepEqual(counts, { opened: 2, closed: 2 });
  assert.equal(await read(streamRows, 100), 4950);
  assert.equal(counts.opened, 3);
});

it('closes a stream that every consumer has left, and tells all of them when it fails', async () => {
  const left = source();
  await Promise.all([read(left.streamRows, 100, 2), read(left.streamRows, 100, 5)]);
  assert.deepEqual(left.counts, { opened: 1, closed: 1 });
  const failing = source(3);
  const ends = await Promise.allSettled([read(failing.streamRows, 100), read(failing.streamRows, 100)]);
  assert.deepEqual(
    ends.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
});

it('counts hashes, and knows those that came twice', () => {
  const repeated = new Repeated();
  for (let index = 0; index < 5_000; index += 1) repeated.add(hash(String(index % 4_000)));
  const { distinct, isRepeated } = repeated.result();
  assert.equal(distinct, 4_000);
  assert.deepEqual(
    [isRepeated(hash('999')), isRepeated(hash('1000')), isRepeated(hash('x'))],
    [true, false, false],
  );
});
