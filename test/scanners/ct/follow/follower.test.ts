import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuteEvidence, type Evidence } from '../../../../src/ct/evidence.js';
import { generatedEntries, sharedTileEntries, type LogEntryInput } from '../../../support/ct-log.js';
import { makeLogSigner } from '../../../support/ct-log-head.js';
import type { LogFault } from '../../../support/ct-log-faults.js';
import { seeded } from '../../../ct/shared.js';
import { follow } from '../../../../scanners/ct/follow/follower.js';
import { Bench, protocols, runUntil, type Followed } from '../harness.js';

/** 1,280 real precertificates where they are at hand, and generated entries. */
const shared = sharedTileEntries();
const entries: readonly LogEntryInput[] = [...shared, ...generatedEntries(800)];

function assertComplete(followed: Followed, from: number, to: number): void {
  const expected = Array.from({ length: to - from }, (_, offset) => from + offset);
  assert.deepEqual(
    [...followed.entries.keys()].sort((a, b) => a - b),
    expected,
  );
}

for (const protocol of protocols)
  describe(`following a ${protocol} log`, () => {
    it('hands on every entry once, verified, and saves a position that can be taken up', async () => {
      await using bench = await Bench.open({ protocol, entries });
      const first = bench.follower({ threads: true });
      await first.run();
      assertComplete(first, 0, entries.length);
      assert.ok([...first.repeats.values()].every((times) => times === 1));
      assert.ok([...first.entries.values()].every((entry) => entry.verified));
      assert.deepEqual(first.misbehaviours, []);
      assert.equal(first.context.progress.verified?.treeSize, entries.length);
      bench.log.append(...generatedEntries(5));
      const second = bench.follower({ progress: first.saved() });
      await second.run();
      assertComplete(second, entries.length, entries.length + 5);
    });

    it('starts at the head with a real compact range: the first new entry is the next one, and verified', async () => {
      await using bench = await Bench.open({ protocol, entries });
      const head = bench.follower({ start: 'head' });
      await head.run();
      assert.equal(head.entries.size, 0);
      assert.equal(head.saved().range?.end, entries.length);
      bench.log.append(...generatedEntries(300));
      const next = bench.follower({ progress: head.saved() });
      await next.run();
      assertComplete(next, entries.length, entries.length + 300);
      assert.deepEqual(next.misbehaviours, []);
    });

    for (const start of [1, 255, 256, 257, 700])
      it(`starts at index ${start}, verified`, async () => {
        await using bench = await Bench.open({ protocol, entries: entries.slice(0, 701) });
        const followed = bench.follower({ start });
        await followed.run();
        assertComplete(followed, start, 701);
        assert.deepEqual(followed.misbehaviours, []);
      });

    it('starts at a date, not later than the first entry stamped with it', async () => {
      let time = Date.parse('2026-06-01T00:00:00Z');
      const clock = (): number => (time += 60_000);
      await using bench = await Bench.open({
        protocol,
        entries: generatedEntries(300),
        clock,
        mmdSeconds: 3600,
      });
      const followed = bench.follower({ start: '2026-06-01T03:00:00Z', now: () => new Date(time) });
      await followed.run();
      const [first = 0] = [...followed.entries.keys()];
      assert.equal(first, 119);
    });

    it('starts at a date not later for an entry that tells no time, or an answer that holds none', async () => {
      let time = Date.parse('2026-06-01T00:00:00Z');
      const clock = (): number => (time += 60_000);
      await using bench = await Bench.open({ protocol, clock, mmdSeconds: 1 });
      const timeless = {
        kind: 'raw',
        leafInput: Buffer.from([9, 9, 9]),
        extraData: Buffer.alloc(3),
      } as const;
      for (const entry of generatedEntries(40).entries())
        bench.log.append(protocol === 'rfc6962' && entry[0] === 20 ? timeless : entry[1]);
      bench.log.override = ({ kind, count }, answer) =>
        kind === 'entries' && count === 0
          ? { ...answer, body: Buffer.from(protocol === 'rfc6962' ? '{"entries":[]}' : '') }
          : answer;
      const followed = bench.follower({ start: '2026-06-01T00:10:30Z', now: () => new Date(time) });
      await followed.run();
      const [first = 99] = [...followed.entries.keys()];
      assert.ok(first <= 10, String(first));
      assert.equal(followed.position(), 40);
    });

    it('reads an empty log, and the first entry when it comes', async () => {
      await using bench = await Bench.open({ protocol });
      const followed = bench.follower({ once: false });
      await runUntil(followed, () => {
        if (followed.positions.length > 0 && bench.log.book.size === 0)
          bench.log.append(...generatedEntries(1));
        return followed.entries.size === 1;
      });
      assertComplete(followed, 0, 1);
    });

    it('keeps up with a log that grows, without gap or repeat', async () => {
      await using bench = await Bench.open({ protocol, entries: entries.slice(0, 500) });
      const more = generatedEntries(40);
      const followed = bench.follower({ once: false });
      await runUntil(followed, () => {
        if (bench.log.book.size < 2500) bench.log.append(...more);
        return followed.entries.size >= 2500;
      });
      assertComplete(followed, 0, bench.log.book.size);
      assert.ok([...followed.repeats.values()].every((times) => times === 1));
      assert.deepEqual(followed.misbehaviours, []);
    });

    it('stops at the final tree head of a frozen log, and says so when its root is another', async () => {
      await using bench = await Bench.open({ protocol, entries: entries.slice(0, 300) });
      const root = bench.log.book.tree.root(280);
      const frozen = (sha256: Buffer): Record<string, unknown> => ({
        readonly: {
          timestamp: '2026-01-01T00:00:00Z',
          final_tree_head: { tree_size: 280, sha256_root_hash: sha256.toString('base64') },
        },
      });
      bench.log.state = frozen(root);
      const good = bench.follower({ once: false });
      await good.run();
      assertComplete(good, 0, 280);
      assert.equal(good.saved().complete, true);
      assert.deepEqual(good.misbehaviours, []);
      bench.log.state = frozen(Buffer.alloc(32, 1));
      const bad = bench.follower({ once: false });
      await bad.run();
      assert.equal(bad.misbehaviours[0]?.problem, 'wrong-final-root');
    });

    it(
      'covers everything exactly once although one answer in ten is broken',
      { timeout: 120_000 },
      async () => {
        await using bench = await Bench.open({ protocol, entries, maxPage: 100 }, ['.'], {
          limits: { pageSize: 128 },
        });
        bench.log.random = seeded(11);
        bench.log.faultShare = 0.1;
        const followed = bench.follower({ once: false });
        await runUntil(followed, () => followed.position() === entries.length, 100_000);
        assertComplete(followed, 0, entries.length);
        assert.ok([...followed.repeats.values()].every((times) => times === 1));
      },
    );
  });

describe('L1: a log that contradicts itself', () => {
  for (const protocol of protocols) {
    it(`${protocol}: a fork is told at once, with evidence that convinces offline; the position stays`, async () => {
      await using bench = await Bench.open({ protocol, entries: entries.slice(0, 300) });
      const before = bench.follower();
      await before.run();
      bench.log.faults.add('fork');
      const followed = bench.follower({ once: false, progress: before.saved() });
      await runUntil(followed, () => followed.misbehaviours.length > 0);
      const [misbehaviour] = followed.misbehaviours;
      assert.equal(misbehaviour?.problem, 'fork');
      assert.equal(refuteEvidence(JSON.parse(JSON.stringify(misbehaviour.evidence)) as Evidence), null);
      assert.equal(followed.saved().range?.end, 300);
      assert.equal(followed.entries.size, 0);
      assert.equal(followed.context.reader && bench.log.requests.head <= 3, true);
    });

    it(`${protocol}: what is proved is told once, however often and in whatever form it shows`, async () => {
      await using bench = await Bench.open({ protocol, entries: entries.slice(0, 300) });
      const before = bench.follower();
      await before.run();
      bench.log.faults.add('fork');
      const followed = bench.follower({ once: false, progress: before.saved() });
      await runUntil(followed, () => {
        if (bench.log.requests.head > 5) bench.log.served = { size: 200, ageMs: -1000 };
        return bench.log.requests.head > 10;
      });
      assert.equal(followed.misbehaviours.length, 1);
      assert.equal(followed.saved().misbehaviour?.problem, 'fork');
    });

    it(`${protocol}: a smaller tree signed later is told at the second look`, async () => {
      await using bench = await Bench.open({ protocol, entries: entries.slice(0, 300) });
      const before = bench.follower();
      await before.run();
      bench.log.served = { size: 200, ageMs: -1000 };
      const followed = bench.follower({ once: false, progress: before.saved() });
      await runUntil(followed, () => followed.misbehaviours.length > 0);
      const [misbehaviour] = followed.misbehaviours;
      assert.equal(misbehaviour?.problem, 'rollback');
      assert.equal(refuteEvidence(misbehaviour.evidence as Evidence), null);
      assert.equal(bench.log.requests.head, 3);
    });

    it(`${protocol}: a stale front end is no fork and no rollback`, async () => {
      await using bench = await Bench.open({ protocol, entries: entries.slice(0, 300) });
      const before = bench.follower();
      await before.run();
      bench.log.served = { size: 200, ageMs: 60_000 };
      const followed = bench.follower({ once: false, progress: before.saved() });
      await runUntil(followed, () => {
        if (bench.log.requests.head > 6 && bench.log.served !== null) {
          bench.log.served = null;
          bench.log.append(...generatedEntries(3));
        }
        return followed.entries.size >= 3;
      });
      assertComplete(followed, 300, 303);
      assert.deepEqual(followed.misbehaviours, []);
    });

    it(`${protocol}: a tree that does not extend the one read before is told, and no entry of it is taken`, async () => {
      const key = makeLogSigner().privateKey;
      await using first = await Bench.open({ protocol, entries: entries.slice(0, 300), key });
      const before = first.follower();
      await before.run();
      await using second = await Bench.open({ protocol, entries: entries.slice(1, 400), key });
      const followed = second.follower({ once: false, progress: before.saved() });
      await runUntil(followed, () => followed.misbehaviours.length > 0);
      assert.equal(followed.misbehaviours[0]?.problem, 'inconsistent-heads');
      assert.equal(followed.entries.size, 0);
      assert.equal(followed.saved().range?.end, 300);
    });
  }
});

it('a log without consistency proofs is verified at its head; what is found before does not pile up', async () => {
  await using bench = await Bench.open({ protocol: 'rfc6962', entries, maxPage: 64 });
  bench.log.override = ({ kind }, answer) =>
    kind === 'consistency' ? { status: 400, headers: {}, body: Buffer.from('no') } : answer;
  const followed = bench.follower();
  await followed.run();
  assertComplete(followed, 0, entries.length);
  assert.deepEqual([followed.position(), followed.misbehaviours], [entries.length, []]);
  assert.equal(followed.context.progress.counts.matched, entries.length);
  assert.ok([...followed.repeats.values()].every((times) => times === 1));
  const verified = [...followed.entries.values()].filter((entry) => entry.verified).length;
  assert.ok(verified > 0 && verified <= 512 + 64 * 8, String(verified));
});

it('a position that cannot be saved is saved later; the log is followed on', async () => {
  await using bench = await Bench.open({ protocol: 'static-ct', entries: entries.slice(0, 20) });
  const followed = bench.follower({ once: false });
  const { sink } = followed.context;
  let failures = 0;
  const full = async (...saved: Parameters<typeof sink.progress>): Promise<void> => {
    failures += 1;
    if (failures < 6) throw new Error('no space left on device');
    await sink.progress(...saved);
  };
  const running = { ...followed, context: { ...followed.context, sink: { ...sink, progress: full } } };
  await runUntil(
    { ...running, run: (signal) => follow(running.context, signal ?? AbortSignal.timeout(30_000)) },
    () => followed.position() === 20,
  );
  assertComplete(followed, 0, 20);
});

it('a log never seen before is looked at again soon, not after the longest interval', async () => {
  const log = { protocol: 'static-ct', entries: entries.slice(0, 10) } as const;
  await using bench = await Bench.open(log, ['.'], { pollSeconds: 30 });
  const followed = bench.follower({ once: false });
  await runUntil(followed, () => {
    if (followed.position() === 10 && bench.log.book.size === 10) bench.log.append(entries[10]!);
    return followed.position() === 11;
  });
  assertComplete(followed, 0, 11);
});

describe('L2: a tree head that nobody should believe', () => {
  for (const protocol of protocols)
    for (const fault of ['future', 'expired'] as const)
      it(`${protocol}: ${fault} is reported at the second poll, nothing is taken, and it passes by itself`, async () => {
        await using bench = await Bench.open({ protocol, entries: entries.slice(0, 20) });
        bench.log.faults.add(fault);
        const followed = bench.follower({ once: false });
        await runUntil(followed, () => {
          if (followed.misbehaviours.length > 0) {
            if (bench.log.faults.has(fault)) assert.equal(followed.entries.size, 0);
            bench.log.faults.clear();
          }
          return followed.misbehaviours.length > 1;
        });
        assert.deepEqual(
          followed.misbehaviours.map((misbehaviour) => misbehaviour?.problem),
          [fault, undefined],
        );
        assertComplete(followed, 0, 20);
      });

  for (const protocol of protocols)
    for (const fault of [
      'bad-signature',
      'no-signature',
      'foreign-key',
    ] as const satisfies readonly LogFault[])
      it(`${protocol}: ${fault} proves nothing against the log, nothing is taken, and it passes by itself`, async () => {
        await using bench = await Bench.open({ protocol, entries: entries.slice(0, 20) });
        bench.log.faults.add(fault);
        const followed = bench.follower({ once: false });
        const { memory } = followed.context;
        await runUntil(followed, () => {
          if (memory.unsignedHeads < 3) return followed.position() === 20;
          assert.equal(followed.entries.size, 0);
          assert.match(String(memory.lastError), /signature|tree head|note|checkpoint/);
          bench.log.faults.clear();
          return false;
        });
        assert.deepEqual(followed.misbehaviours, []);
        assert.equal(memory.unsignedHeads, 0);
        assertComplete(followed, 0, 20);
      });

  for (const [name, spoil] of [
    ['no signature at all', (json: string) => json.replace(/,"tree_head_signature":"[^"]*"/, '')],
    ['a size in quotes', (json: string) => json.replace(/"tree_size":(\d+)/, '"tree_size":"$1"')],
    ['a negative size', (json: string) => json.replace('"tree_size":', '"tree_size":-')],
    ['a size above 2^53', (json: string) => json.replace(/"tree_size":\d+/, '"tree_size":9007199254740993')],
    ['a size that is no number', (json: string) => json.replace(/"tree_size":\d+/, '"tree_size":NaN')],
    ['something behind it', (json: string) => `${json} and more`],
    ['an error page in its place', () => '<html>maintenance</html>'],
    ['an error in JSON in its place', () => '{"error":"maintenance"}'],
  ] as const)
    it(`${name}: the log did not sign that, nothing is taken, and it passes by itself`, async () => {
      await using bench = await Bench.open({ protocol: 'rfc6962', entries: entries.slice(0, 20) });
      let good = false;
      bench.log.override = ({ kind }, answer) =>
        kind !== 'head' || good ? answer : { ...answer, body: Buffer.from(spoil(String(answer.body))) };
      const followed = bench.follower({ once: false });
      const seen: string[] = [];
      await runUntil(followed, () => {
        const { memory } = followed.context;
        if (memory.lastError !== null && !good) seen.push(memory.lastError);
        good ||= memory.unsignedHeads > 1;
        if (!good) assert.equal(followed.entries.size, 0);
        return followed.position() === 20;
      });
      assert.ok(seen.length > 0);
      assert.deepEqual(followed.misbehaviours, []);
      assertComplete(followed, 0, 20);
    });

  for (const protocol of protocols) {
    it(`${protocol}: a head signed for a time beyond all calendars is told like any of the future`, async () => {
      await using bench = await Bench.open({ protocol, entries: entries.slice(0, 20) });
      bench.log.served = { size: 20, ageMs: Date.now() - 9e15 };
      const followed = bench.follower({ once: false });
      await runUntil(followed, () => followed.misbehaviours.length > 0);
      assert.equal(followed.misbehaviours[0]?.problem, 'future');
      assert.equal(followed.entries.size, 0);
    });

    it(`${protocol}: an empty tree of any root but the one it has is told`, async () => {
      await using bench = await Bench.open({ protocol });
      bench.log.faults.add('fork');
      const followed = bench.follower({ once: false });
      await runUntil(followed, () => followed.misbehaviours.length > 0);
      assert.equal(followed.misbehaviours[0]?.problem, 'bad-tree-head');
      bench.log.faults.clear();
      await runUntil(followed, () => followed.misbehaviours.at(-1) === null);
      assert.equal(followed.misbehaviours.at(-1), null);
    });
  }

  it('a head some minutes older than a tiled log promises is read, and the missed delay is told', async () => {
    await using bench = await Bench.open({ protocol: 'static-ct', entries: entries.slice(0, 20) });
    bench.log.served = { size: 20, ageMs: 10 * 60_000 };
    const followed = bench.follower({ once: false });
    await runUntil(followed, () => followed.misbehaviours.length > 0);
    assert.equal(followed.misbehaviours[0]?.problem, 'merge-delay-missed');
    assertComplete(followed, 0, 20);
  });
});
