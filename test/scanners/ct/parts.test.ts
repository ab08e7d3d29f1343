import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { ctConfig } from '../../../scanners/ct/config.js';
import { createDecodePool } from '../../../scanners/ct/decode/decode-pool.js';
import { createFleet } from '../../../scanners/ct/follow/fleet.js';
import { inOrder } from '../../../scanners/ct/read/in-order.js';
import { pauseUntilWoken } from '../../../scanners/ct/read/pause.js';
import { newProgress, parseProgress, serializeProgress } from '../../../scanners/ct/follow/progress.js';
import { openStateFolder } from '../../../scanners/ct/follow/state-folder.js';
import { watchListOf } from '../../../scanners/ct/match/watch-list.js';
import { MalformedError } from '../../../src/ct/bytes.js';
import type { LogInfo } from '../../../src/ct/log-list.js';
import { generatedEntries } from '../../support/ct-log-entries.js';
import { LogBook } from '../../support/ct-log-book.js';
import { damaged } from '../../ct/shared.js';

const never = new AbortController().signal;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work in order', () => {
  it('runs so many at a time and yields in the order of the items', async () => {
    let active = 0;
    let most = 0;
    let item = 0;
    const work = async (value: number): Promise<number> => {
      most = Math.max(most, ++active);
      for (let wait = 0; wait < (7 * value) % 5; wait += 1) await tick();
      active -= 1;
      return value;
    };
    const seen: number[] = [];
    for await (const value of inOrder(() => (item < 50 ? item++ : undefined), 4, work, never))
      seen.push(value);
    assert.deepEqual(
      seen,
      Array.from({ length: 50 }, (_, index) => index),
    );
    assert.equal(most, 4);
  });

  it('asks for items again that come while something runs', async () => {
    const items = [1];
    const seen: number[] = [];
    for await (const value of inOrder(
      () => items.shift(),
      2,
      (item) => Promise.resolve(item),
      never,
    )) {
      seen.push(value);
      if (value < 4) items.push(value + 1);
    }
    assert.deepEqual(seen, [1, 2, 3, 4]);
  });

  it('stops everything at the first failure, and leaves none unhandled', async () => {
    let item = 0;
    let aborted = 0;
    const work = (value: number, signal: AbortSignal): Promise<number> =>
      new Promise((resolve, reject) => {
        if (value === 2) setImmediate(() => reject(new Error('two')));
        else if (value < 2) setImmediate(() => resolve(value));
        else
          signal.addEventListener('abort', () => {
            aborted += 1;
            reject(new Error('stopped'));
          });
      });
    const seen: number[] = [];
    await assert.rejects(async () => {
      for await (const value of inOrder(() => item++, 5, work, never)) seen.push(value);
    }, /two/);
    assert.deepEqual(seen, [0, 1]);
    assert.ok(aborted >= 2);
  });

  it('ends when it is aborted', async () => {
    const abort = new AbortController();
    const work = (_item: number, signal: AbortSignal): Promise<number> =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    setImmediate(() => abort.abort(new Error('enough')));
    await assert.rejects(async () => {
      for await (const _ of inOrder(() => 1, 2, work, abort.signal)) assert.fail();
    }, /enough/);
  });
});

describe('a pause that can be cut short', () => {
  it('ends with the time, when woken before or meanwhile, and with an abort', async () => {
    const woken = new AbortController();
    await pauseUntilWoken(1, woken.signal, never);
    setImmediate(() => woken.abort());
    await pauseUntilWoken(60_000, woken.signal, never);
    await pauseUntilWoken(60_000, woken.signal, never);
    const abort = AbortSignal.abort(new Error('stop'));
    await assert.rejects(pauseUntilWoken(60_000, new AbortController().signal, abort), /stop/);
  });
});

describe('decoder threads', () => {
  const list = watchListOf(ctConfig.parse({}).watch, ['generated.test']);
  const book = new LogBook(true);
  for (const entry of generatedEntries(6)) book.append(entry, 5);
  const tile = Buffer.concat(book.tileLeaves);
  const page = (bytes: Buffer, encoding: 'identity' | 'gzip' = 'identity') =>
    ({ format: 'data-tile', bytes, encoding, maxBytes: 1e6, firstIndex: 0, width: 6 }) as const;

  it('decode, tell broken pages from their own faults, and end when closed', async () => {
    const pool = createDecodePool(2, list);
    try {
      const [whole, part, packed] = await Promise.all([
        pool.decode(page(Buffer.from(tile)), 0, 6),
        pool.decode(page(Buffer.from(tile)), 2, 5),
        pool.decode(page(gzipSync(tile), 'gzip'), 0, 6),
      ]);
      assert.deepEqual([whole.start, whole.end, whole.found.length], [0, 6, 6]);
      assert.deepEqual([part.start, part.end, part.found[0]?.leafIndex], [2, 5, 2]);
      assert.deepEqual(packed.hashes, whole.hashes);
      assert.deepEqual(whole.counts, { x509: 3, precertificate: 3, unknown: 0, malformed: 0 });
      await assert.rejects(pool.decode(page(Buffer.from(tile.subarray(1))), 0, 6), MalformedError);
      assert.equal((await pool.decode(page(Buffer.from(tile)), 0, 6)).end, 6);
    } finally {
      await pool.close();
    }
    await assert.rejects(pool.decode(page(Buffer.from(tile)), 0, 6), /closed/);
  });

  it('let those who wait for them go on one a turn of the event loop', async () => {
    const pool = createDecodePool(1, list);
    const pages = Array.from({ length: 5 }, () => pool.decode(page(Buffer.from(tile)), 0, 6));
    let turn = 0;
    const count = (): void => {
      turn += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    const turns = await Promise.all(Array.from({ length: 20 }, () => pool.ready().then(() => turn)));
    clearImmediate(counting);
    assert.equal(new Set(turns).size, turns.length, turns.join(' '));
    await Promise.all(pages);
    await pool.close();
  });

  it('leave memory alone that others share', async () => {
    const pool = createDecodePool(1, list);
    const shared = Buffer.concat([Buffer.from('before'), tile, Buffer.from('after')]);
    await pool.decode(page(shared.subarray(6, 6 + tile.length)), 0, 6);
    assert.equal(shared.subarray(0, 6).toString() + shared.subarray(-5).toString(), 'beforeafter');
    await pool.close();
  });
});

describe('saved progress', () => {
  const book = new LogBook(false);
  for (const entry of generatedEntries(5)) book.append(entry, 5);
  const progress = {
    ...newProgress(7),
    range: { start: 0, end: 3, hashes: Buffer.alloc(64, 1) },
    startedAt: 1,
  };

  it('comes back as it was', () => {
    assert.deepEqual(parseProgress(serializeProgress(progress), 9), progress);
    assert.deepEqual(parseProgress(serializeProgress(newProgress(7, 100)), 9), newProgress(7, 100));
  });

  it('damaged is refused, or is a progress still', () => {
    for (const copy of damaged(Buffer.from(serializeProgress(progress)), 2000, 51))
      try {
        const read = parseProgress(copy.toString('utf8'), 9);
        assert.ok(read.range === null || Number.isSafeInteger(read.range.end));
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
  });

  it('in a folder is replaced as a whole, under a name made of the log id', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ct-state-'));
    const state = await openStateFolder(folder);
    assert.equal(await state.load('a+/=', new Date(0)), null);
    await Promise.all([state.save('a+/=', progress)]);
    await state.save('a+/=', { ...progress, startedAt: 2 });
    assert.equal((await state.load('a+/=', new Date(0)))?.startedAt, 2);
    assert.deepEqual(await readdir(folder), [`${Buffer.from('a+/=', 'base64').toString('hex')}.json`]);
    await rm(folder, { recursive: true });
  });
});

describe('a fleet', () => {
  const log = (logId: string, url = 'https://a.test/'): LogInfo => ({ logId, url }) as LogInfo;
  it('starts what is new, restarts what changed, stops what is gone, and says so', async () => {
    const events: string[] = [];
    const fleet = createFleet(
      (info, signal) =>
        new Promise((resolve) => {
          events.push(`start ${info.logId} ${info.url}`);
          signal.addEventListener('abort', () => {
            events.push(`stop ${info.logId}`);
            resolve();
          });
        }),
      async (logId) => void events.push(`gone ${logId}`),
    );
    await fleet.update([log('1'), log('2')]);
    await fleet.update([log('1'), log('2')]);
    await fleet.update([log('1', 'https://b.test/')]);
    await fleet.stop();
    await fleet.finished();
    assert.deepEqual(events, [
      'start 1 https://a.test/',
      'start 2 https://a.test/',
      'stop 2',
      'gone 2',
      'stop 1',
      'start 1 https://b.test/',
      'stop 1',
    ]);
  });
});

describe('a fleet that is asked for two things at once', () => {
  const log = (logId: string, url: string): LogInfo => ({ logId, url }) as LogInfo;
  it('runs no log twice, and starts none once it was stopped', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const fleet = createFleet(
      async ({ logId }, signal) => {
        running.set(logId, (running.get(logId) ?? 0) + 1);
        most = Math.max(most, running.get(logId) ?? 0);
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        await new Promise((resolve) => setTimeout(resolve, 5));
        running.set(logId, (running.get(logId) ?? 0) - 1);
      },
      () => Promise.resolve(),
    );
    await fleet.update([log('1', 'https://a.test/')]);
    await Promise.all([
      fleet.update([log('1', 'https://b.test/')]),
      fleet.update([log('1', 'https://c.test/')]),
      fleet.update([log('1', 'https://d.test/'), log('2', 'https://e.test/')]),
    ]);
    assert.equal(most, 1);
    const last = fleet.update([log('1', 'https://f.test/')]);
    await fleet.stop();
    await last;
    await fleet.update([log('3', 'https://g.test/')]);
    assert.deepEqual([...running.values()], [0, 0]);
  });
});

describe('the configuration', () => {
  it('has a default and a description for every key', () => {
    interface Shape {
      readonly description?: string;
      readonly properties?: Record<string, Shape>;
    }
    const check = (shape: Shape, path: string): void => {
      assert.ok(shape.description, `${path} has no description`);
      for (const [key, inner] of Object.entries(shape.properties ?? {})) check(inner, `${path}.${key}`);
    };
    check(z.toJSONSchema(ctConfig, { io: 'input' }) as Shape, 'ct');
    assert.ok(ctConfig.parse({}).enabled);
  });

  for (const [name, bad] of [
    ['an unknown key', { logs: {}, colour: 'red' }],
    ['a feed that is no WebSocket', { feeds: ['https://feed.test/'] }],
    ['a start that is none', { start: 'yesterday' }],
    ['a shortest wait above the longest', { pollSeconds: 1, minPollSeconds: 2 }],
    ['an extra log without an address', { extraLogs: [{ description: 'x', key: 'AAAA' }] }],
    [
      'an extra log with both addresses',
      {
        extraLogs: [
          {
            description: 'x',
            key: 'AAAA',
            url: 'https://a.test',
            submissionUrl: 'https://a.test',
            monitoringUrl: 'https://a.test',
          },
        ],
      },
    ],
    ['a key hash that is none', { watch: { publicKeys: ['abc'] } }],
  ] as const)
    it(`refuses ${name}`, () => {
      assert.equal(ctConfig.safeParse(bad).success, false);
    });
});
