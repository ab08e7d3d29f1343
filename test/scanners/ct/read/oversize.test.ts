import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generatedEntries } from '../../../support/ct-log.js';
import { Bench, protocols, runUntil } from '../harness.js';

const plain = generatedEntries(600);

it('a last entry made of brackets holds nothing up where a log is begun at its head', async () => {
  await using bench = await Bench.open({ protocol: 'rfc6962', entries: plain.slice(0, 9) });
  const brackets = Buffer.concat([
    Buffer.from('{"entries":['),
    Buffer.alloc(3_000_000, '[],'),
    Buffer.from('[]]}'),
  ]);
  bench.log.override = ({ kind, count }, answer) =>
    kind === 'entries' && count === 0 ? { ...answer, body: brackets } : answer;
  const before = process.memoryUsage.rss();
  const followed = bench.follower({ start: 'head', once: false });
  let largest = 0;
  await runUntil(followed, () => {
    largest = Math.max(largest, process.memoryUsage.rss() - before);
    return followed.position() === 9;
  });
  assert.equal(followed.position(), 9);
  assert.ok(largest < 64 * 1024 * 1024, `${largest}`);
});

describe('an answer that is always too large', () => {
  for (const protocol of protocols)
    it(`${protocol}: what is in it is told and passed over; all others are read and verified`, async () => {
      await using bench = await Bench.open({ protocol, entries: plain }, ['.'], {
        limits: { maxBodyMegabytes: 1 },
      });
      let isLarge = true;
      const bytes = protocol === 'rfc6962' ? 49 * 1024 * 1024 : 2 * 1024 * 1024;
      bench.log.override = ({ kind, path }, answer) => {
        const [, start = -1, end = -1] = /start=(\d+)&end=(\d+)/.exec(path)?.map(Number) ?? [];
        const holds = protocol === 'rfc6962' ? start <= 300 && 300 <= end : path.includes('data/001');
        return kind === 'entries' && isLarge && holds ? { ...answer, announcedBytes: bytes } : answer;
      };
      const followed = bench.follower({ giveUpMs: 30_000 });
      await followed.run();
      const gap = protocol === 'rfc6962' ? { start: 300, end: 301 } : { start: 256, end: 512 };
      assert.equal(followed.position(), 600);
      assert.deepEqual(followed.context.progress.gaps, [gap]);
      assert.equal(followed.entries.size, 600 - (gap.end - gap.start));
      assert.equal(followed.misbehaviours.at(-1)?.problem, 'wrong-entries');
      assert.match(followed.misbehaviours.at(-1)?.message ?? '', /cannot be read: .* bytes or more/);
      assert.ok(bench.log.requests.entries < 200, String(bench.log.requests.entries));
      isLarge = false;
      const later = bench.follower({ progress: followed.saved(), once: false });
      await runUntil(later, () => later.misbehaviours.at(-1) === null);
      assert.deepEqual(later.context.progress.gaps, []);
    });
});
