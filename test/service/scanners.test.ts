import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scannerKinds } from '../../scanners/index.js';
import type { Scanner } from '../../scanners/scanner.js';
import { configSchema } from '../../src/config/config.js';
import { runAlways, scannerFactory } from '../../src/service/scanners.js';
import { log } from '../store/sample.js';
import { emptyMemory } from '../support/memory.js';

const sink = { take: async () => undefined };

/** A scanner that fails as often as told, then waits for the end. */
function failing(times: number): Scanner & { calls: number } {
  return {
    name: 'shaky',
    title: 'shaky scanner',
    when: 'always',
    calls: 0,
    async run(_sink, signal) {
      this.calls += 1;
      if (this.calls <= times) throw new Error(`failure ${this.calls}`);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
}

describe('a scanner that always runs', () => {
  it('begins again after a failure, reports it, and reports that it is well', async () => {
    const stop = new AbortController();
    const said: (string | null)[] = [];
    const scanner = failing(2);
    const onEnd = async (_scanner: Scanner, failure: string | null): Promise<void> => {
      said.push(failure);
      if (failure === null) stop.abort();
    };
    await runAlways(scanner, sink, onEnd, stop.signal, log, 5);
    assert.deepEqual(said, ['failure 1', 'failure 2', null]);
    assert.equal(scanner.calls, 3);
  });

  it('is not begun again once its work is done', async () => {
    let calls = 0;
    const scanner: Scanner = { ...failing(0), run: async () => void (calls += 1) };
    const said: (string | null)[] = [];
    await runAlways(
      scanner,
      sink,
      async (_, failure) => void said.push(failure),
      new AbortController().signal,
      log,
      5,
    );
    assert.deepEqual([calls, said], [1, [null]]);
  });

  it('says nothing of a failure that comes from stopping', async () => {
    const stop = new AbortController();
    const said: (string | null)[] = [];
    const scanner: Scanner = {
      ...failing(0),
      async run() {
        stop.abort();
        throw new Error('aborted');
      },
    };
    await runAlways(scanner, sink, async (_, failure) => void said.push(failure), stop.signal, log, 5);
    assert.deepEqual(said, []);
  });
});

describe('the scanners of a service', () => {
  it('are created from the section that bears their id, and keep files in a folder of that name', async () => {
    const config = configSchema.parse({
      scan: { groups: [{ name: 'lab', targets: ['127.0.0.1'] }] },
      ct: { enabled: false },
    });
    const running = new Map();
    const all = await scannerFactory({ memory: emptyMemory(), running, log })(config);
    const titles = all.map(({ title }) => title);
    assert.ok(titles.includes('scan:lab') && titles.includes('follow CT logs'), String(titles));
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    assert.deepEqual(
      scannerKinds.map(({ id }) => Object.hasOwn(config, id)),
      scannerKinds.map(() => true),
    );
  });
});
