import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import { watchStore } from '../../src/service/store-watch.js';
import type { Incident } from '../../src/model/incident.js';
import { finding } from '../store/sample.js';

const well = { ok: true, detail: 'ClickHouse 26.7', spooledBytes: 0, blocked: false, damage: [] as string[] };

/**
 * The incidents told over so many looks, six seconds apart by the clock that the watch sees, and what is told by hand. With `isStuck`
 * nothing can be stored.
 */
async function told(looks: readonly (typeof well)[], isStuck = false): Promise<readonly string[]> {
  const stop = new AbortController();
  const lines: string[] = [];
  let [look, nowMs] = [-1, 0];
  const clock = mock.method(performance, 'now', () => nowMs);
  try {
    await watchStore(
      {
        store: {
          async health() {
            look += 1;
            nowMs += 6_000;
            return looks[look] ?? well;
          },
          async damage() {
            return looks[look]?.damage ?? [];
          },
        },
        pipeline: {
          async incident({ rule, active, details }: Incident) {
            if (active) lines.push(`${look} ${rule}: ${String(details['reason'])}`);
            if (look === looks.length) stop.abort();
            if (isStuck) await new Promise(() => undefined);
          },
        },
        evaluator: { foresee: ({ rule }) => finding(rule) },
        tell: ({ host }) => {
          lines.push(`${look} ${host} by hand`);
          if (look === looks.length - 1) stop.abort();
        },
      },
      1,
      stop.signal,
    );
  } finally {
    clock.mock.restore();
  }
  return lines;
}

it('tells of a database that is away, but not of one that is away for a moment', async () => {
  const away = { ...well, ok: false, detail: 'ECONNREFUSED', spooledBytes: 9 };
  assert.deepEqual(await told([well, away, well, away, away, away]), [
    '4 store-spooling by hand',
    '4 store-spooling: ECONNREFUSED',
    '5 store-spooling by hand',
    '5 store-spooling: ECONNREFUSED',
  ]);
});

it('goes on telling until the spool is drained', async () => {
  const draining = { ...well, spooledBytes: 9 };
  assert.deepEqual(await told([draining, draining, draining]), [
    '1 store-spooling by hand',
    '1 store-spooling: ClickHouse 26.7',
    '2 store-spooling by hand',
    '2 store-spooling: ClickHouse 26.7',
  ]);
});

it('tells at once when nothing can be stored any more', async () => {
  const full = { ...well, ok: false, detail: 'no space', blocked: true };
  assert.deepEqual(await told([full, well]), ['0 store-blocked: no space']);
});

it('tells by hand, and goes on looking, when what it says cannot be stored', async () => {
  const full = { ...well, ok: false, detail: 'no space', blocked: true };
  assert.deepEqual(await told([full, full], true), ['0 store-blocked: no space', '1 store-blocked by hand']);
});

it('tells of damage until it is gone', async () => {
  const damaged = {
    ...well,
    damage: ['part all_1_1_0 of findings was set aside: broken-on-start', 'batch 1 was set aside'],
  };
  assert.deepEqual(await told([well, damaged, well]), [
    '1 store-damaged: part all_1_1_0 of findings was set aside: broken-on-start; batch 1 was set aside',
  ]);
});
