import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { ctConfig } from '../../../../scanners/ct/config.js';
import { tellHealth } from '../../../../scanners/ct/follow/health.js';
import { createIncidentBoard } from '../../../../scanners/incident-board.js';
import { lagOf } from '../../../../scanners/ct/follow/position.js';
import type { Incident } from '../../../../src/model/incident.js';
import { generatedEntries } from '../../../support/ct-log.js';
import { Bench, runUntil, type Followed } from '../harness.js';

const hour = 3_600_000;
const { health } = ctConfig.parse({});
const silent = pino({ level: 'silent' });

/** A board and what it told, in the order told. */
function boardAt(now: () => Date) {
  const told: Incident[] = [];
  const board = createIncidentBoard(async (incident) => void told.push(incident), now, silent);
  return { told, board, rules: () => told.filter(({ active }) => active).map(({ rule }) => rule) };
}

/** Reads a small log to its end at a clock that the test moves. */
async function followed(bench: Bench, clock: { ms: number }): Promise<Followed> {
  const follower = bench.follower({ now: () => new Date(clock.ms) });
  await follower.run();
  return follower;
}

describe('the health of a log', () => {
  it('is fine while it answers and everything is read', async () => {
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: generatedEntries(5) });
    const clock = { ms: Date.now() };
    const { context } = await followed(bench, clock);
    const { told, board, rules } = boardAt(context.now);
    await tellHealth(context, null, health, board);
    assert.deepEqual(rules(), []);
    assert.equal(told.length, 3);
    assert.deepEqual(lagOf(context), { entries: 0, seconds: 0, etaSeconds: 0 });
  });

  it('is told as unreachable after 24 hours without an answer, not a moment sooner, and as well when it answers again', async () => {
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: generatedEntries(5) });
    const clock = { ms: Date.now() };
    const { context } = await followed(bench, clock);
    const { told, board, rules } = boardAt(context.now);
    clock.ms = context.progress.contactMs + 24 * hour - 1;
    await tellHealth(context, null, { ...health, stuckHours: 1e6 }, board);
    assert.deepEqual(rules(), []);
    clock.ms += 1;
    await tellHealth(context, null, { ...health, stuckHours: 1e6 }, board);
    assert.deepEqual(rules(), ['ct-log-unreachable']);
    context.progress.contactMs = clock.ms;
    await tellHealth(context, null, { ...health, stuckHours: 1e6 }, board);
    assert.deepEqual([told.at(-1)?.rule, told.at(-1)?.active], ['ct-log-unreachable', false]);
  });

  it('is told as unreachable after a quarter of an hour of answers that the log did not sign', async () => {
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: generatedEntries(5) });
    const clock = { ms: Date.now() };
    const { context } = await followed(bench, clock);
    const { told, board, rules } = boardAt(context.now);
    context.memory.unsignedHeads = 1;
    clock.ms = context.progress.contactMs + hour / 4 - 1;
    await tellHealth(context, null, health, board);
    assert.deepEqual(rules(), []);
    clock.ms += 1;
    await tellHealth(context, null, health, board);
    assert.deepEqual(rules(), ['ct-log-unreachable']);
    assert.equal(told.find(({ active }) => active)?.details['problem'], 'unsigned');
    context.memory.unsignedHeads = 0;
    await tellHealth(context, null, health, board);
    assert.deepEqual([told.at(-1)?.rule, told.at(-1)?.active], ['ct-log-unreachable', false]);
  });

  it('is told as lagging an hour after a head that is not read yet was seen', async () => {
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: generatedEntries(5) });
    const clock = { ms: Date.now() };
    const { context } = await followed(bench, clock);
    const { told, board, rules } = boardAt(context.now);
    const { target } = context.progress;
    context.progress.target = { ...target!, treeSize: 1005 };
    context.memory.entriesPerSecond = 10;
    clock.ms = context.progress.caughtUpMs + hour - 1000;
    context.progress.contactMs = clock.ms;
    await tellHealth(context, null, health, board);
    assert.deepEqual(rules(), []);
    clock.ms += 1000;
    await tellHealth(context, null, health, board);
    assert.deepEqual(rules(), ['ct-log-lagging']);
    const { details } = told.find(({ active }) => active)!;
    assert.deepEqual(
      [details['lagEntries'], details['lagSeconds'], details['problem']],
      [1000, 3600, 'behind'],
    );
    assert.equal(lagOf(context).etaSeconds, 100);
  });

  for (const [name, days, state, stuck] of [
    ['in its active time', 200, 'usable', true],
    ['although no list says that it is in use', 200, 'unstated', true],
    ['but is only qualified yet', 200, 'qualified', false],
    ['within 90 days of its end, when shards fade', 89, 'usable', false],
  ] as const)
    it(`${stuck ? 'is told as stuck' : 'is fine'} when it has not grown for a day ${name}`, async () => {
      await using bench = await Bench.open({ protocol: 'rfc6962', entries: generatedEntries(5) });
      const clock = { ms: Date.now() };
      const { context } = await followed(bench, clock);
      const log = {
        ...context.log,
        state,
        interval: { start: new Date(clock.ms - hour), end: new Date(clock.ms + days * 24 * hour) },
      };
      clock.ms = context.progress.grewMs + 24 * hour;
      context.progress.contactMs = clock.ms;
      const { told, board } = boardAt(context.now);
      await tellHealth({ ...context, log }, null, health, board);
      assert.equal(told.find(({ active }) => active)?.details['problem'], stuck ? 'stuck' : undefined);
    });

  it(
    'survives a log that is down for a while, and catches up without a gap',
    { timeout: 60_000 },
    async () => {
      await using bench = await Bench.open({ protocol: 'rfc6962', entries: generatedEntries(100) });
      const followedLog = bench.follower({ once: false });
      let phase = 0;
      await runUntil(
        followedLog,
        () => {
          if (phase === 0 && followedLog.position() === 100) {
            bench.log.faults.add('down');
            phase = 1;
          }
          if (phase === 1 && followedLog.context.memory.lastError !== null) {
            bench.log.append(...generatedEntries(50));
            bench.log.faults.clear();
            bench.log.faults.add('flapping');
            phase = 2;
          }
          return followedLog.position() === 150;
        },
        50_000,
      );
      assert.equal(followedLog.entries.size, 150);
      assert.deepEqual(followedLog.misbehaviours, []);
    },
  );
});

describe('the incident board', () => {
  it('tells a change once, keeps an open incident fresh every hour, and tells again what was not taken', async () => {
    const clock = { ms: 0 };
    const told: boolean[] = [];
    let refuse = false;
    const board = createIncidentBoard(
      async ({ active }) => {
        if (refuse) throw new Error('no store');
        told.push(active);
      },
      () => new Date(clock.ms),
      silent,
    );
    const subject = { kind: 'ct-log', key: 'x' } as const;
    const set = (details: Record<string, unknown> | null): Promise<void> =>
      board.set('ct-log-lagging', subject, details);
    await set(null);
    await set(null);
    await set({ problem: 'behind' });
    await set({ problem: 'behind' });
    assert.deepEqual(told, [false, true]);
    await set({ problem: 'stuck' });
    assert.deepEqual(told, [false, true, true]);
    clock.ms = hour;
    await set({ problem: 'stuck' });
    assert.equal(told.length, 4);
    refuse = true;
    await set(null);
    refuse = false;
    await set(null);
    assert.deepEqual(told, [false, true, true, true, false]);
  });
});
