import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { endpointKey } from '../../src/model/target.js';
import { backupFolder, restore } from '../../src/store/backup.js';
import { dialectOf } from '../../src/store/dialect.js';
import { openDatabase, openStore } from '../../src/store/index.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { exportStore, readManifest } from '../../src/store/transfer/export.js';
import { importStore } from '../../src/store/transfer/import.js';
import { fill } from './filled.js';
import {
  certificate,
  collect,
  embeddedConfig,
  finding,
  log,
  observation,
  temporaryFolder,
} from './sample.js';
import { summaryOf } from './summary.js';

const quiet = (): void => undefined;

describe('moving a store', () => {
  const folder = temporaryFolder();
  const config = embeddedConfig(join(folder, 'first'));
  const dialect = dialectOf(config);
  const exported = join(folder, 'export');
  before(async () => {
    const store = await openStore(config, log);
    await fill(store);
    await store.close();
  });

  async function summary(dataDir: string): Promise<unknown> {
    const store = await openStore(embeddedConfig(dataDir), log);
    try {
      return await summaryOf(store);
    } finally {
      await store.close();
    }
  }

  it('exports everything, goes on after an interruption, and imports it elsewhere as it was', async () => {
    const database = await openDatabase(config, log);
    try {
      await assert.rejects(
        exportStore(database, exported, (done) => {
          if (done === 5) throw new Error('interrupted');
        }),
        /interrupted/,
      );
      const before = await readManifest(exported);
      assert.equal(Object.keys(before?.written ?? {}).length, 5);
      const manifest = await exportStore(database, exported, quiet);
      assert.equal(Object.keys(manifest.written).length, manifest.chunks.length);
    } finally {
      await database.close();
    }
    const second = embeddedConfig(join(folder, 'second'));
    const target = await openDatabase(second, log);
    try {
      await migrate(target, dialect, migrations, log);
      await assert.rejects(
        importStore(target, exported, (done) => {
          if (done === 3) throw new Error('interrupted');
        }),
        /interrupted/,
      );
      const { arrived, earlier } = await importStore(target, exported, quiet);
      assert.ok(arrived > 0 && earlier > 0);
      assert.deepEqual(await importStore(target, exported, quiet), {
        arrived: 0,
        earlier: arrived + earlier,
      });
    } finally {
      await target.close();
    }
    assert.deepEqual(await summary(join(folder, 'second')), await summary(join(folder, 'first')));
  });

  it('imports again what an import that was killed had sent, into a store that was opened before, and after that one is thrown away', async () => {
    const third = embeddedConfig(join(folder, 'thrown away'));
    for (const round of ['first', 'second']) {
      rmSync(third.dataDir, { recursive: true, force: true });
      // Setting the retention is noted in the audit trail, which is a part of what is imported.
      await (await openStore(third, log)).close();
      const target = await openDatabase(third, log);
      try {
        const insertFile = target.insertFile.bind(target);
        target.insertFile = async (...batch): Promise<void> => {
          await insertFile(...batch);
          throw new Error('killed');
        };
        await assert.rejects(importStore(target, exported, quiet), /killed/, round);
        target.insertFile = insertFile;
        const { arrived, earlier } = await importStore(target, exported, quiet);
        assert.deepEqual([arrived > 0, earlier], [true, 0], round);
        for (const name of readdirSync(exported).filter((one) => one.startsWith('imported-')))
          rmSync(join(exported, name));
        await assert.rejects(importStore(target, exported, quiet), /the store is not empty/);
      } finally {
        await target.close();
      }
    }
    assert.deepEqual(await summary(third.dataDir), await summary(join(folder, 'first')));
  });

  it('says so when a store was written to while it was exported', async () => {
    const database = await openDatabase(config, log);
    const moving = join(folder, 'moving');
    try {
      const stream = database.stream.bind(database);
      database.stream = async (sql) => {
        if (sql.includes('FROM scans '))
          await database.command(`INSERT INTO scans (id, started_at) SELECT 'late', now64(3)`);
        return stream(sql);
      };
      await assert.rejects(exportStore(database, moving, quiet), /scans-00000 changed .* stop the service/);
      database.stream = stream;
      await exportStore(database, moving, quiet);
      await database.command(`ALTER TABLE scans DELETE WHERE id = 'late' SETTINGS mutations_sync = 2`);
    } finally {
      await database.close();
    }
  });

  it('refuses damaged files, unfinished exports and exports of another schema', async () => {
    const damaged = join(folder, 'damaged');
    cpSync(exported, damaged, { recursive: true });
    const database = await openDatabase(embeddedConfig(join(folder, 'third')), log);
    try {
      await migrate(database, dialect, migrations, log);
      const file = join(
        damaged,
        String(readdirSync(damaged).find((name) => name.startsWith('certificates-'))),
      );
      const bytes = readFileSync(file);
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      await assert.rejects(importStore(database, damaged, quiet), /certificates-00000\.native is damaged/);
      const manifest = await readManifest(exported);
      const save = (change: object): void =>
        writeFileSync(join(damaged, 'manifest.json'), JSON.stringify({ ...manifest, ...change }));
      save({ written: {} });
      await assert.rejects(importStore(database, damaged, quiet), /not finished/);
      save({ schema: ['other'] });
      await assert.rejects(importStore(database, damaged, quiet), /another schema/);
      await assert.rejects(exportStore(database, damaged, quiet), /another version/);
      await assert.rejects(importStore(database, join(folder, 'nothing'), quiet), /holds no export/);
    } finally {
      await database.close();
    }
  });

  it('is backed up while it is in use, also what changed since the last time only, and restored', async () => {
    const store = await openStore(config, log);
    const dir = backupFolder(config);
    const whole = await store.backup('whole');
    assert.ok(existsSync(whole));
    const late = observation('late.example.com');
    await store.writeObservations([late]);
    await store.backup('increment', 'whole');
    await assert.rejects(store.backup('../escape'), /no name for a backup/);
    await assert.rejects(store.backup('whole'), /there is a backup whole already/);
    await store.close();
    const expected = await summary(join(folder, 'first'));
    const restored = embeddedConfig(join(folder, 'restored'), { embedded: { backupDir: dir } });
    const database = await openDatabase(restored, log);
    try {
      await restore(database, dialect, dir, 'increment');
      await assert.rejects(restore(database, dialect, dir, 'increment'), /not empty/);
    } finally {
      await database.close();
    }
    assert.deepEqual(await summary(join(folder, 'restored')), expected);
  });

  it('is the same after its folder is copied while it is closed', async () => {
    cpSync(join(folder, 'first'), join(folder, 'copy'), { recursive: true });
    assert.deepEqual(await summary(join(folder, 'copy')), await summary(join(folder, 'first')));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));
});

describe('erasing a target', () => {
  it('leaves nothing of it, neither now nor after it is seen again, and everything of the others', async () => {
    const dataDir = temporaryFolder();
    const store = await openStore(embeddedConfig(dataDir), log);
    try {
      await fill(store);
      await store.erase({ domain: 'example.com' }, 'me');
      const page = { limit: 100, cursor: null };
      const hosts = async (): Promise<string[]> =>
        (await store.reader.listEndpoints({}, page)).items.map((item) => item.target.host).sort();
      assert.deepEqual(await hosts(), ['badexample.com', 'c.example.org', 'xn--bcher-kva.example']);
      assert.equal((await store.reader.listObservations({}, page)).items.length, 6);
      const found = (await store.reader.listFindings({}, page)).items.map((item) => item.host);
      assert.ok(!found.some((host) => host !== null && /(^|\.)example\.com$/.test(host)), String(found));
      assert.deepEqual(await store.findingHistory(finding('a.example.com').id), []);
      assert.equal((await store.findingHistory(finding('c.example.org').id)).length, 1);
      await store.erase({ host: 'c.example.org' }, 'me');
      assert.deepEqual(await hosts(), ['badexample.com', 'xn--bcher-kva.example']);
      const again = observation('a.example.com', { observedAt: new Date('2027-01-01T00:00:00Z') });
      await store.writeObservations([again]);
      const [state] = await collect(store.endpoints([endpointKey(again.target)]));
      assert.deepEqual(state?.firstSeenAt, again.observedAt);
      const detail = await store.reader.certificateDetail(certificate('a.example.com').sha256);
      assert.equal(detail?.servedEver.length, 1);
    } finally {
      await store.close();
    }
    const database = await openDatabase(embeddedConfig(dataDir), log);
    try {
      const rows = await database.rows<{ action: string; subject: string }>(
        `SELECT action, subject FROM audit ORDER BY at`,
      );
      assert.deepEqual(
        rows.map((row) => `${row.action} ${row.subject}`).filter((row) => !row.startsWith('audit.begin ')),
        ['store.retention certglass', 'store.erase example.com', 'store.erase c.example.org'],
      );
      const tables = await database.rows<{ name: string }>(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
      );
      const holding: string[] = [];
      for (const { name } of tables) {
        const [row] = await database.rows<{ rows: string }>(
          `SELECT count() AS rows FROM ${name} WHERE match(toString(tuple(*)), 'b[.]example[.]com|moc[.]elpmaxe[.]b')`,
        );
        if (row?.rows !== '0') holding.push(name);
      }
      // What a certificate says is public.
      assert.deepEqual(holding.sort(), ['certificate_names', 'certificates']);
    } finally {
      await database.close();
    }
  });
});
