import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { storeConfig, type StoreConfig } from '../../src/store/config.js';
import { type OpenStore, openDatabase, openStore } from '../../src/store/index.js';
import { exportStore } from '../../src/store/transfer/export.js';
import { importStore } from '../../src/store/transfer/import.js';
import { preparedQueries } from '../../src/store/queries/index.js';
import { fill } from './filled.js';
import { sampleParameters } from './sample-parameters.js';
import { collect, embeddedConfig, log, observation, temporaryFolder } from './sample.js';
import { noServer } from './server.js';
import { startShards, type Shards } from './shards.js';
import { summaryOf } from './summary.js';

describe('a store on two shards', { skip: noServer }, () => {
  const folder = temporaryFolder();
  let shards: Shards;
  before(async () => {
    shards = await startShards(folder);
  });
  // Also what a test that failed half-way has left open: it would hold the process.
  after(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await shards.close();
  });
  const opened: OpenStore[] = [];
  async function open(of: StoreConfig): Promise<OpenStore> {
    const store = await openStore(of, log);
    opened.push(store);
    return store;
  }

  function config(database: string): StoreConfig {
    return storeConfig.parse({
      mode: 'cluster',
      cluster: 'main',
      url: shards.url,
      username: 'certglass',
      password: 'secret',
      database,
      dataDir: join(folder, database),
      batch: { ageMs: 0 },
    });
  }

  it('shows the same as one on the embedded engine, each shard holding a part', async () => {
    const there = await open(config('filled'));
    const here = await open(embeddedConfig(join(folder, 'embedded')));
    await fill(here);
    await fill(there);
    assert.deepEqual(await summaryOf(there), await summaryOf(here));
    for (const { query } of preparedQueries) {
      const parameters = sampleParameters(query);
      assert.deepEqual(await there.ask(query, parameters), await here.ask(query, parameters), query.name);
    }
    await Promise.all([here.close(), there.close()]);
    for (const { url } of shards.servers) {
      const database = await openDatabase({ ...config('filled'), mode: 'server', url }, log);
      const [row] = await database.rows<{ rows: string }>('SELECT count() AS rows FROM observations_local');
      assert.ok(Number(row?.rows) > 0 && Number(row?.rows) < 13, row?.rows);
      await database.close();
    }
  });

  it('stores a batch that is sent again once, erases on every shard, and opens again as it is', async () => {
    const store = await open(config('again'));
    const looks = Array.from({ length: 40 }, (_, index) => observation(`host${index}.example.com`));
    await store.writeObservations(looks);
    await store.writeObservations(looks);
    await store.erase({ host: 'host7.example.com' }, 'me');
    await store.close();
    const reopened = await open(config('again'));
    const page = await reopened.reader.listObservations({}, { limit: 100, cursor: null });
    assert.equal(page.items.length, 39);
    assert.equal((await collect(reopened.endpoints())).length, 39);
    await reopened.close();
  });

  it('is moved to from the embedded engine with all it has', async () => {
    const source = await openDatabase(embeddedConfig(join(folder, 'embedded')), log);
    await exportStore(source, join(folder, 'export'), () => undefined);
    await source.close();
    const there = await open(config('moved'));
    const database = await openDatabase(config('moved'), log);
    await importStore(database, join(folder, 'export'), () => undefined);
    await database.close();
    const moved = await summaryOf(there);
    await there.close();
    const here = await open(embeddedConfig(join(folder, 'embedded')));
    assert.deepEqual(moved, await summaryOf(here));
    await here.close();
  });
});
