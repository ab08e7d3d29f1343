import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ClickHouseError } from '@clickhouse/client';
import { storeConfig } from '../../src/store/config.js';
import { Database, type Parameters } from '../../src/store/database.js';
import { dialectOf, type Dialect } from '../../src/store/dialect.js';
import type { EngineProcess } from '../../src/store/embedded/process.js';
import { checksumOf, migrate, SchemaError } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { roleStatements, schemaStatements } from '../../src/store/plan.js';
import { applyRetention } from '../../src/store/retention.js';
import { openEngine } from './engine.js';
import { log, temporaryFolder } from './sample.js';

/** A database that fails, like one that is killed, before its `left`th statement from now. */
class MortalDatabase extends Database {
  left = Infinity;
  override command(sql: string, parameters?: Parameters): Promise<void> {
    this.left -= 1;
    return this.left < 0 ? Promise.reject(new Error('killed')) : super.command(sql, parameters);
  }
}

const config = storeConfig.parse({});
const dialect: Dialect = dialectOf(config);

describe('the schema', () => {
  let engine: EngineProcess;
  let database: MortalDatabase;
  before(async () => {
    engine = await openEngine(temporaryFolder());
    database = new MortalDatabase(config, engine);
  });
  after(() => database.close());

  const tables = (): Promise<readonly { name: string; create: string }[]> =>
    database.rows(
      `SELECT name, create_table_query AS create FROM system.tables WHERE database = 'certglass' ORDER BY name`,
    );

  async function clear(): Promise<void> {
    await database.commandOutside('DROP DATABASE certglass SYNC');
    await database.commandOutside('CREATE DATABASE certglass ENGINE = Atomic');
    // Every session of the engine must use the new database.
    await database.rows('SELECT 1').catch(() => undefined);
  }

  it('numbers its steps without a gap', () => {
    assert.deepEqual(
      migrations.map((migration) => migration.number),
      migrations.map((_, index) => index + 1),
    );
  });

  it('says what it would do, and does not do it, on a dry run', async () => {
    const names = migrations.map((migration) => migration.name);
    assert.deepEqual(await migrate(database, dialect, migrations, log, true), names);
    assert.deepEqual(await tables(), []);
  });

  it('is made once, and found complete the next time', async () => {
    assert.equal((await migrate(database, dialect, migrations, log)).length, migrations.length);
    assert.deepEqual(await migrate(database, dialect, migrations, log), []);
    assert.deepEqual(await migrate(database, dialect, migrations, log, true), []);
  });

  it('is the same after a kill at any statement and a new start', async () => {
    const whole = await tables();
    await clear();
    for (let done = false, statement = 0; !done; statement += 1) {
      database.left = statement;
      done = await migrate(database, dialect, migrations, log).then(
        () => true,
        (error: unknown) => (assert.match(String(error), /killed/), false),
      );
    }
    database.left = Infinity;
    const plain = (list: readonly { name: string; create: string }[]): string[] =>
      list.map((table) => table.create.replaceAll(/UUID '[^']*'/g, ''));
    assert.deepEqual(plain(await tables()), plain(whole));
  });

  it('refuses a schema that is newer than the program, and a step that is not the one applied', async () => {
    await assert.rejects(migrate(database, dialect, migrations.slice(0, 2), log), (error: Error) => {
      assert.ok(error instanceof SchemaError);
      assert.match(error.message, /start the newer Certglass/);
      return true;
    });
    const [first, ...others] = migrations;
    assert.ok(first);
    const changed = { ...first, statements: [...first.statements, 'SELECT 1'] };
    assert.notEqual(checksumOf(changed), checksumOf(first));
    await assert.rejects(migrate(database, dialect, [changed, ...others], log), /another form/);
  });

  it('sets, changes and lifts retention, and leaves alone what is right', async () => {
    const days = config.retentionDays;
    assert.equal((await applyRetention(database, dialect, days))['observations'], 760);
    assert.deepEqual(await applyRetention(database, dialect, days), {});
    assert.deepEqual(await applyRetention(database, dialect, { ...days, observations: 7, scans: 0 }), {
      observations: 7,
      scans: 0,
    });
    assert.deepEqual(await applyRetention(database, dialect, { ...days, observations: 7, scans: 0 }), {});
  });

  it('keeps what is to be kept a hundred years, whenever it is from, and lets go of what is kept too long', async () => {
    const days = config.retentionDays;
    const logs = async (): Promise<readonly string[]> => {
      await database.command('OPTIMIZE TABLE ct_entries FINAL');
      return (await database.rows<{ log_id: string }>('SELECT log_id FROM ct_entries ORDER BY log_id')).map(
        (row) => row.log_id,
      );
    };
    await applyRetention(database, dialect, { ...days, ctEntries: 36_500 });
    for (const [log_id, age] of Object.entries({
      '1950': 28_000,
      '2110': -30_500,
      '2290': -96_000,
      lately: 100,
      now: 0,
    }))
      await database.command(
        'INSERT INTO ct_entries (log_id, timestamp) SELECT {log_id:String}, now64(3) - toIntervalDay({age:Int32})',
        { log_id, age },
      );
    assert.deepEqual(await logs(), ['1950', '2110', '2290', 'lately', 'now']);
    await applyRetention(database, dialect, { ...days, ctEntries: 10 });
    while ((await database.rows('SELECT 1 FROM system.mutations WHERE NOT is_done')).length > 0);
    assert.deepEqual(await logs(), ['2110', '2290', 'now']);
    await applyRetention(database, dialect, days);
  });

  for (const mode of ['embedded', 'server', 'cluster'] as const) {
    it(`plans statements for mode ${mode} that the engine can parse`, async () => {
      const planned = storeConfig.parse({
        mode,
        database: 'certs',
        ...(mode === 'embedded' ? {} : { url: 'https://clickhouse.example:8443' }),
        ...(mode === 'cluster' ? { cluster: 'main' } : {}),
      });
      const statements = [...schemaStatements(planned), ...roleStatements(planned)];
      for (const statement of statements) {
        const [row] = await database.rows<{ text: string }>(
          'SELECT formatQuerySingleLine({sql:String}) AS text',
          {
            sql: statement,
          },
        );
        assert.ok(row);
        assert.doesNotMatch(statement, /\{(db|on_cluster|local|engine|dedup)/);
        if (mode === 'cluster' && /^(CREATE|ALTER|GRANT)/.test(row.text))
          assert.match(row.text, /ON CLUSTER main/, row.text);
        if (mode !== 'cluster') assert.doesNotMatch(row.text, /ON CLUSTER|Replicated|Distributed/);
      }
      const text = statements.join('\n');
      assert.equal(/Replicated\w*MergeTree/.test(text), mode === 'cluster');
      if (mode === 'cluster') {
        for (const { name } of migrations.flatMap((migration) => migration.tables))
          assert.match(
            text,
            new RegExp(
              `CREATE TABLE IF NOT EXISTS certs\\.${name} ON CLUSTER main AS certs\\.${name}_local\\nENGINE = Distributed`,
            ),
          );
      }
    });
  }

  it('reports what the database says when a statement fails', async () => {
    await assert.rejects(
      database.command('CREATE TABLE broken (a NoSuchType) ENGINE = Memory'),
      ClickHouseError,
    );
  });
});
