import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { backup, backupFolder } from './backup.js';
import type { StoreConfig } from './config.js';
import type { Database } from './database.js';
import type { Dialect } from './dialect.js';
import { migrate } from './migrate.js';
import type { Migration } from './migrations/migration.js';

/** `before-schema-11-20261201T125900Z`: sorts by time within one length. */
const upgradeBackup = /^before-schema-\d+-(\d{8}T\d{6}Z)$/;

/**
 * Backs up an embedded database that holds something before its schema is changed, and removes all but the newest
 * `store.embedded.upgradeBackups` of such backups. Returns the folder, or null when there is nothing to change or to keep. Throws one
 * sentence when the disk has no room for it: nothing was changed then.
 */
export async function backupBeforeUpgrade(
  database: Database,
  dialect: Dialect,
  { config, migrations, log }: UpgradeParts,
): Promise<string | null> {
  const keep = config.embedded.upgradeBackups;
  if (config.mode !== 'embedded' || keep === 0) return null;
  const steps = await migrate(database, dialect, migrations, log, true);
  if (steps.length === 0 || steps.length === migrations.length) return null;
  const dir = backupFolder(config);
  await mkdir(dir, { recursive: true });
  await refuseFullDisk(dir, await sizeOf(database, dialect), config);
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const name = `before-schema-${migrations.length}-${stamp}`;
  log.info({ name, steps }, 'backing up the database before the upgrade changes its schema');
  const path = await backup(database, dialect, dir, name);
  await prune(dir, keep, log);
  return path;
}

/** What {@link backupBeforeUpgrade} goes by. */
interface UpgradeParts {
  readonly config: StoreConfig;
  readonly migrations: readonly Migration[];
  readonly log: Logger;
}

/** Bytes that the database takes on disk. */
async function sizeOf(database: Database, dialect: Dialect): Promise<number> {
  const [row] = await database.rows<{ bytes: string }>(
    'SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE database = {database:String} AND active',
    { database: dialect.database },
  );
  return Number(row?.bytes ?? 0);
}

async function refuseFullDisk(dir: string, bytes: number, { minFreeMiB }: StoreConfig): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  const neededMiB = Math.ceil(bytes / mebibyte) + minFreeMiB;
  const freeMiB = Math.floor((bavail * bsize) / mebibyte);
  if (freeMiB >= neededMiB) return;
  throw new Error(
    `the upgrade changes the database, and a backup of it needs ${neededMiB} MiB free in ${dir} (store.minFreeMiB included), ` +
      `where ${freeMiB} MiB are free: free space, name another folder in store.embedded.backupDir, or set ` +
      'store.embedded.upgradeBackups: 0 once you have a backup of your own',
  );
}

/** Removes older backups of this kind, and those that were cut off; backups with other names are the operator's. */
async function prune(dir: string, keep: number, log: Logger): Promise<void> {
  const names = (await readdir(dir)).filter((name) => upgradeBackup.test(name));
  const whole = names.filter((name) => existsSync(join(dir, name, '.backup')));
  const kept = whole.toSorted((a, b) => (stampOf(a) < stampOf(b) ? 1 : -1)).slice(0, keep);
  for (const name of names.filter((one) => !kept.includes(one))) {
    await rm(join(dir, name), { recursive: true, force: true });
    log.info({ name }, 'older backup removed');
  }
}

function stampOf(name: string): string {
  return upgradeBackup.exec(name)?.[1] ?? '';
}

const mebibyte = 1_048_576;
