import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import { watchStore } from '../src/store-watch.js';
import type { Incident } from '../scanners/scanner.js';

const well = { ok: true, detail: 'ClickHouse 26.7', spooledBytes: 0, blocked: false };

/** The incidents told over so many looks, a second apart by the clock that the watch sees. */
async function told(looks: readonly (typeof well)[]): Promise<readonly string[]> {
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
        },
        pipeline: {
          async incident({ rule, active, details }: Incident) {
            if (active) lines.push(`${look} ${rule}: ${String(details['reason'])}`);
            if (look === looks.length) stop.abort();
          },
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
    '4 store-spooling: ECONNREFUSED',
    '5 store-spooling: ECONNREFUSED',
  ]);
});

it('goes on telling until the spool is drained', async () => {
  const draining = { ...well, spooledBytes: 9 };
  assert.deepEqual(await told([draining, draining, draining]), [
    '1 store-spooling: ClickHouse 26.7',
    '2 store-spooling: ClickHouse 26.7',
  ]);
});

it('tells at once when nothing can be stored any more', async () => {
  const full = { ...well, ok: false, detail: 'no space', blocked: true };
  assert.deepEqual(await told([full, well]), ['0 store-blocked: no space']);
});
