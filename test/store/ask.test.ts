import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import type { Query } from '../../src/model/query.js';
import { count, instant, instantOrNull, textOrNull } from '../../src/model/query-values.js';
import { storeConfig } from '../../src/store/config.js';
import { Database } from '../../src/store/database.js';
import { createAsk } from '../../src/store/queries/ask.js';
import { preparedQueries } from '../../src/store/queries/index.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { openEngine } from './engine.js';
import { fill } from './filled.js';
import { embeddedConfig, log, temporaryFolder } from './sample.js';
import { sampleParameters } from './sample-parameters.js';

const query = {
  name: 'numbers',
  description: 'Numbers and an instant.',
  parameters: z.strictObject({ upTo: z.number().int().positive(), since: z.date() }),
  row: z.object({ number: count, at: instant, never: instantOrNull, text: textOrNull }),
} satisfies Query<z.ZodObject, z.ZodObject>;

const sql = `SELECT number, {since:Int64} AS at, CAST(NULL, 'Nullable(Int64)') AS never, '' AS text
  FROM numbers({upTo:UInt64}) ORDER BY number`;
const budget = { maxRows: 5, maxSeconds: 1, maxMemoryMiB: 100 };
const since = new Date('2026-05-01T12:00:00.123Z');

describe('a prepared query', () => {
  let database: Database;
  before(async () => {
    database = new Database(storeConfig.parse({}), await openEngine(temporaryFolder()));
    await database.commandOutside('CREATE DATABASE IF NOT EXISTS certglass ENGINE = Atomic');
  });
  after(() => database.close());

  const asking = (text: string, change: object = {}) =>
    createAsk(database, [{ query, sql: text, ...budget, ...change }]);

  it('takes typed parameters and gives typed rows', async () => {
    assert.deepEqual(await asking(sql)(query, { upTo: 2, since }), [
      { number: 0, at: since, never: null, text: null },
      { number: 1, at: since, never: null, text: null },
    ]);
  });
  it('may have as many rows as its limit', async () => {
    assert.equal((await asking(sql)(query, { upTo: 5, since })).length, 5);
  });
  it('fails with one row more: a part would look like the whole', async () => {
    await assert.rejects(asking(sql)(query, { upTo: 6, since }), /numbers has more than 5 rows/);
  });
  it('refuses parameters of another shape', async () => {
    await assert.rejects(asking(sql)(query, { upTo: -1, since }), /Too small/);
  });
  it('refuses rows of another shape', async () => {
    await assert.rejects(
      asking(sql.replace('number,', `'x' AS number,`))(query, { upTo: 1, since }),
      /number/,
    );
  });
  it('ends when its time is over', async () => {
    const slow = sql.replace(
      'FROM numbers({upTo:UInt64})',
      'FROM numbers(1000000000000) WHERE sleepEachRow(0.001) = 1',
    );
    await assert.rejects(asking(slow)(query, { upTo: 1, since }), /time|Timeout|TIMEOUT/i);
  });
  it('is refused when the store has no SQL for it', async () => {
    await assert.rejects(createAsk(database, [])(query, { upTo: 1, since }), /no SQL for the query numbers/);
  });
});

describe('every prepared query', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await fill(store);
  });
  after(() => store.close());
  for (const { query: one, sql: text } of preparedQueries) {
    it(`${one.name} runs, and its rows have the shape it names`, async () => {
      await store.ask(one, sampleParameters(one));
      assert.match(text, /ORDER BY/);
    });
  }
  it('has a name of its own', () => {
    assert.equal(new Set(preparedQueries.map(({ query: { name } }) => name)).size, preparedQueries.length);
  });
});
