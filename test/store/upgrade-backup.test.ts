import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { backupFolder, restore } from '../../src/store/backup.js';
import type { StoreConfig } from '../../src/store/config.js';
import { dialectOf } from '../../src/store/dialect.js';
import { openDatabase, openStore } from '../../src/store/index.js';
import { migrations } from '../../src/store/migrations/index.js';
import { root } from '../architecture/modules.js';
import { embeddedConfig, log, temporaryFolder } from './sample.js';

const recorded = join(root, 'test', 'store', 'folders', '0.1.0.tgz');

/** A data folder as 0.1.0 left it. */
function oldFolder(): string {
  const folder = temporaryFolder();
  execFileSync('tar', ['-xzf', recorded, '-C', folder]);
  return folder;
}

async function open(config: StoreConfig): Promise<readonly string[]> {
  const store = await openStore(config, log);
  await store.close();
  return backups(config);
}

function backups(config: StoreConfig): readonly string[] {
  mkdirSync(backupFolder(config), { recursive: true });
  return readdirSync(backupFolder(config)).sort();
}

describe('an upgrade that changes the schema', () => {
  it('makes a backup first, which has the old schema and can be restored; the next start makes none', async () => {
    const config = embeddedConfig(oldFolder());
    const [name, ...others] = await open(config);
    assert.match(String(name), new RegExp(`^before-schema-${migrations.length}-\\d{8}T\\d{6}Z$`));
    assert.deepEqual(others, []);
    assert.deepEqual(await open(config), [name]);
    const again = embeddedConfig(temporaryFolder(), { embedded: { backupDir: backupFolder(config) } });
    const database = await openDatabase(again, log);
    try {
      await restore(database, dialectOf(again), backupFolder(again), String(name));
      const [row] = await database.rows<{ newest: number; findings: string }>(
        'SELECT (SELECT max(number) FROM schema_migrations) AS newest, (SELECT count() FROM findings) AS findings',
      );
      assert.ok(row !== undefined && row.newest > 0 && row.newest < migrations.length, String(row?.newest));
      assert.ok(Number(row.findings) > 0);
    } finally {
      await database.close();
    }
  });

  it('keeps as many as configured, and removes what was cut off, but no other backup', async () => {
    const folder = oldFolder();
    const dir = join(folder, 'backups');
    const older = ['before-schema-9-20250101T000000Z', 'before-schema-10-20250601T000000Z'];
    for (const name of [...older, 'monday']) {
      mkdirSync(join(dir, name), { recursive: true });
      writeFileSync(join(dir, name, '.backup'), '');
    }
    mkdirSync(join(dir, 'before-schema-10-20260101T000000Z'));
    const left = await open(embeddedConfig(folder));
    assert.equal(left.length, 3);
    assert.deepEqual([left[0], left[2]], [older[1], 'monday']);
  });

  it('makes none when none is to be kept, nor for a new store', async () => {
    assert.deepEqual(await open(embeddedConfig(oldFolder(), { embedded: { upgradeBackups: 0 } })), []);
    assert.deepEqual(await open(embeddedConfig(temporaryFolder())), []);
  });

  it('is refused, and changes nothing, when the disk has no room for the backup', async () => {
    const folder = oldFolder();
    await assert.rejects(
      open(embeddedConfig(folder, { minFreeMiB: 1_048_576 })),
      /a backup of it needs \d+ MiB free in .*backups .*store\.embedded\.upgradeBackups: 0/,
    );
    assert.deepEqual(backups(embeddedConfig(folder)), []);
    assert.equal((await open(embeddedConfig(folder))).length, 1);
  });
});
