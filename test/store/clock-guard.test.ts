import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ClockGuard } from '../../src/store/clock-guard.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { embeddedConfig, log, noon, observation, temporaryFolder } from './sample.js';

const hourMs = 3_600_000;

/** A guard with clocks that the test moves, and the orders it gave. */
function play(offHours: number | null) {
  const clocks = { wallMs: noon.getTime(), steadyMs: 5_000 };
  const orders: boolean[] = [];
  const guard = new ClockGuard({
    lastAt: offHours === null ? null : new Date(noon.getTime() - offHours * hourMs).toISOString(),
    allow: async (deleting) => void orders.push(deleting),
    log,
    wallMs: () => clocks.wallMs,
    steadyClockMs: () => clocks.steadyMs,
  });
  const pass = async (hours: number, jumpHours = 0): Promise<void> => {
    clocks.steadyMs += hours * hourMs;
    clocks.wallMs += (hours + jumpHours) * hourMs;
    await guard.look();
  };
  return { guard, orders, pass, clocks };
}

describe('the guard of the clock', () => {
  for (const hours of [48, 420 * 24, 2_200 * 24])
    it(`holds deleting back for a day after the clock went ahead by ${hours} hours`, async () => {
      const { guard, orders, pass } = play(1);
      await pass(1);
      assert.equal(guard.reason, null);
      const before = guard.trustedNow;
      await pass(0, hours);
      assert.match(String(guard.reason), new RegExp(`went ahead by ${hours} hours`));
      assert.deepEqual(guard.trustedNow, before);
      await pass(23.9);
      assert.notEqual(guard.reason, null);
      await pass(0.1);
      assert.equal(guard.reason, null);
      assert.equal(orders.at(-1), true);
      assert.ok(orders.includes(false));
      guard.close();
    });

  it('trusts it again as soon as it went back', async () => {
    const { guard, orders, pass } = play(1);
    await pass(0);
    await pass(0, 420 * 24);
    await pass(1, -420 * 24);
    assert.equal(guard.reason, null);
    assert.deepEqual(orders, [true, false, true]);
    guard.close();
  });

  it('lets small corrections, and a clock that goes back, pass', async () => {
    const { guard, orders, pass } = play(1);
    await pass(0, 0.1);
    await pass(0, -10);
    await pass(100);
    assert.equal(guard.reason, null);
    assert.ok(orders.every((deleting) => deleting));
    guard.close();
  });

  it('holds back after a start that comes more than a day after the last note, and not at a day', async () => {
    for (const [off, isHeld] of [
      [24, false],
      [25, true],
      [null, false],
    ] as const) {
      const { guard, orders, pass } = play(off);
      await pass(0);
      assert.equal(guard.isHeld, isHeld);
      assert.equal(guard.reason, null);
      assert.deepEqual(orders, [!isHeld]);
      guard.close();
    }
  });

  it('gives its order again now and then, and at once when it could not be given', async () => {
    let fails = true;
    const { clocks } = play(1);
    const orders: boolean[] = [];
    const guard = new ClockGuard({
      lastAt: null,
      allow: async (deleting) => {
        orders.push(deleting);
        if (fails) throw new Error('away');
      },
      log,
      wallMs: () => clocks.wallMs,
      steadyClockMs: () => clocks.steadyMs,
    });
    await guard.look();
    fails = false;
    await guard.look();
    await guard.look();
    assert.equal(orders.length, 2);
    clocks.steadyMs += hourMs / 6;
    clocks.wallMs += hourMs / 6;
    await guard.look();
    assert.equal(orders.length, 3);
    guard.close();
  });

  it('keeps rows whose retention ended, over restarts, until the clock is trusted', async () => {
    const dataDir = temporaryFolder();
    const config = embeddedConfig(dataDir);
    const file = join(dataDir, 'store-ledger.json');
    const noteAt = (at: Date): void => {
      const ledger = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...ledger, at }));
    };
    const looks = async (store: OpenStore): Promise<number> =>
      (await store.reader.listObservations({}, { limit: 9, cursor: null })).items.length;
    await (await openStore(config, log)).close();
    noteAt(new Date(Date.now() - 48 * hourMs));
    for (let start = 0; start < 3; start += 1) {
      const store = await openStore(config, log);
      try {
        if (start === 0)
          await store.writeObservations([
            observation('old.example.com', { observedAt: new Date(Date.now() - 1_000 * 24 * hourMs) }),
          ]);
        await store.expire(new Date());
        assert.equal(await looks(store), 1);
      } finally {
        await store.close();
      }
    }
    noteAt(new Date());
    const store = await openStore(config, log);
    try {
      for (const deadline = Date.now() + 30_000; (await looks(store)) > 0; await delay(100))
        assert.ok(Date.now() < deadline, 'is not deleted');
    } finally {
      await store.close();
    }
  });
});
