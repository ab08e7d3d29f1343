import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { storeConfig, type StoreConfig } from '../../src/store/config.js';
import type { EngineProcess } from '../../src/store/embedded/process.js';
import { openEngine } from './engine.js';
import { Proxy } from './proxy.js';
import { log, minutes, observation, temporaryFolder } from './sample.js';

/** Waits until `condition` holds, at most 20 seconds. */
async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) assert.fail(`waited in vain for: ${what}`);
    await delay(20);
  }
}

describe('a store whose database goes away', () => {
  let engine: EngineProcess;
  let proxy: Proxy;
  let folder: string;
  before(async () => {
    folder = temporaryFolder();
    engine = await openEngine(folder);
    proxy = await Proxy.open(async () => Number(new URL((await engine.address()).url).port));
  });
  after(async () => {
    await proxy.close();
    await engine.close();
  });

  async function config(name: string, change: object = {}): Promise<StoreConfig> {
    const { username, password } = await engine.address();
    return storeConfig.parse({
      mode: 'server',
      url: proxy.url,
      username,
      password,
      dataDir: join(folder, name),
      batch: { ageMs: 0 },
      spool: { afterMs: 100 },
      requestTimeoutMs: 5_000,
      ...change,
    });
  }

  async function stored(store: OpenStore, host: string): Promise<number> {
    const page = await store.reader.listObservations({ host }, { limit: 1_000, cursor: null });
    return page.items.length;
  }

  it('spools what is written meanwhile and inserts it in order when it is back', async () => {
    const store = await openStore(await config('away'), log);
    try {
      proxy.mode = 'down';
      proxy.reset();
      for (let index = 0; index < 5; index += 1)
        await store.writeObservations([observation('away.example.com', { observedAt: minutes(index) })]);
      const health = await store.health();
      assert.equal(health.ok, false);
      assert.ok(health.spooledBytes > 0);
      proxy.mode = 'pass';
      await until('the spool to be drained', async () => (await store.health()).spooledBytes === 0);
      assert.equal(await stored(store, 'away.example.com'), 5);
      assert.equal((await store.health()).ok, true);
    } finally {
      proxy.mode = 'pass';
      await store.close();
    }
  });

  it('stores once what was answered by a cut connection', async () => {
    const store = await openStore(await config('cut', { spool: { afterMs: 0 } }), log);
    try {
      for (let index = 0; index < 20; index += 1) {
        proxy.mode = 'cut';
        proxy.cutOnly = 'INTO+observations';
        const cuts = proxy.cuts;
        const written = store.writeObservations([
          observation('cut.example.com', { observedAt: minutes(index) }),
        ]);
        await until('an answer to be cut', () => proxy.cuts > cuts);
        proxy.mode = 'pass';
        await written;
        await until('the spool to be drained', async () => (await store.health()).spooledBytes === 0);
      }
      assert.equal(await stored(store, 'cut.example.com'), 20);
      const [row] = await count(
        engine,
        `SELECT count() AS rows FROM observations WHERE host = 'cut.example.com'`,
      );
      assert.equal(Number(row?.['rows']), 20, 'not even the table itself has a row twice');
    } finally {
      proxy.mode = 'pass';
      await store.close();
    }
  });

  it('stores once what waited together and was answered by a cut connection', async () => {
    const store = await openStore(await config('cut-together', { spool: { afterMs: 0 } }), log);
    try {
      proxy.mode = 'down';
      proxy.reset();
      for (let index = 0; index < 5; index += 1)
        await store.writeObservations([observation('together.example.com', { observedAt: minutes(index) })]);
      proxy.cutOnly = 'INTO+observations';
      const cuts = proxy.cuts;
      proxy.mode = 'cut';
      await until('answers to be cut', () => proxy.cuts > cuts + 1);
      proxy.mode = 'pass';
      await until('the spool to be drained', async () => (await store.health()).spooledBytes === 0);
      const [row] = await count(
        engine,
        `SELECT count() AS rows FROM observations WHERE host = 'together.example.com'`,
      );
      assert.equal(Number(row?.['rows']), 5);
    } finally {
      proxy.mode = 'pass';
      await store.close();
    }
  });

  it('takes what another process left in the spool, and sets damaged batches aside', async () => {
    const settings = await config('left');
    const first = await openStore(settings, log);
    proxy.mode = 'down';
    proxy.reset();
    for (let index = 0; index < 3; index += 1)
      await first.writeObservations([observation('left.example.com', { observedAt: minutes(index) })]);
    await first.close();
    const spool = join(folder, 'left', 'spool');
    const files = readdirSync(spool).filter((name) => name.endsWith('.batch'));
    const victim = join(spool, String(files.at(-1)));
    const content = readFileSync(victim);
    content[content.length - 3] = (content.at(-3) ?? 0) ^ 1;
    writeFileSync(victim, content);
    writeFileSync(join(spool, '000000000099.batch.partial'), 'cut off');
    proxy.mode = 'pass';
    const second = await openStore(settings, log);
    try {
      await until('the spool to be drained', async () => (await second.health()).spooledBytes === 0);
      assert.equal(await stored(second, 'left.example.com'), 2);
      assert.deepEqual(
        readdirSync(spool).filter((name) => !name.startsWith('lock-')),
        [`${files.at(-1)}.damaged`],
      );
    } finally {
      await second.close();
    }
  });

  it('makes writers wait when the spool is full, and lets them go when it is drained', async () => {
    const store = await openStore(await config('full', { spool: { afterMs: 0, maxMiB: 1 } }), log);
    try {
      proxy.mode = 'down';
      proxy.reset();
      const detail = 'x'.repeat(400_000);
      const writes = [0, 1, 2, 3].map(async (index) => {
        await delay(index);
        await store.writeObservations([
          observation('full.example.com', { observedAt: minutes(index), detail }),
        ]);
      });
      await until('ingest to stand still', async () =>
        /inserts fail|spool is full|ECONN|socket/.test((await store.health()).detail),
      );
      let finished = 0;
      for (const write of writes) void write.then(() => (finished += 1));
      await delay(300);
      assert.ok(finished < 4, 'the last writers must wait');
      assert.ok((await store.health()).spooledBytes <= 1_048_576);
      proxy.mode = 'pass';
      await Promise.all(writes);
      await until('the spool to be drained', async () => (await store.health()).spooledBytes === 0);
      assert.equal(await stored(store, 'full.example.com'), 4);
    } finally {
      proxy.mode = 'pass';
      await store.close();
    }
  });

  it('refuses a second process on the same spool', async () => {
    const settings = await config('twice');
    const store = await openStore(settings, log);
    await assert.rejects(openStore(settings, log), /in use by process \d+/);
    await store.close();
    const again = await openStore(settings, log);
    await again.close();
  });
});

async function count(engine: EngineProcess, sql: string): Promise<Record<string, unknown>[]> {
  const { url, username, password } = await engine.address();
  const response = await fetch(`${url}/?default_format=JSONEachRow`, {
    method: 'POST',
    body: sql,
    headers: { 'x-clickhouse-user': username, 'x-clickhouse-key': password },
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
