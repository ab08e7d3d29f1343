import { join, resolve } from 'node:path';
import { ClickHouseError } from '@clickhouse/client';
import type { StoreConfig } from './config.js';
import type { Database } from './database.js';
import type { Dialect } from './dialect.js';
import { quoteString } from './embedded/parameters.js';

/** Where backups of the embedded engine are written. */
export function backupFolder(config: StoreConfig): string {
  const { backupDir } = config.embedded;
  return resolve(backupDir === '' ? join(config.dataDir, 'backups') : backupDir);
}

/** A backup that cannot be made as it was asked for; the message says what to do. */
export class BackupRefusedError extends Error {
  override readonly name = 'BackupRefusedError';
}

/** Name of a backup: it becomes the name of a folder. */
const backupName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Copies the database, while it is in use, into a new folder `name` below the backup folder. With `base`, the name of an earlier
 * backup, only what changed since is copied; the base must be kept.
 */
export async function backup(
  database: Database,
  dialect: Dialect,
  dir: string,
  name: string,
  base: string | null = null,
): Promise<string> {
  const path = pathOf(dir, name);
  const since = base === null ? '' : `base_backup = File(${quoteString(pathOf(dir, base))}), `;
  try {
    await database.command(
      `BACKUP DATABASE ${dialect.database} TO File(${quoteString(path)}) SETTINGS ${since}async = 0`,
    );
  } catch (error) {
    const code = error instanceof ClickHouseError ? error.code : '';
    if (code === '598')
      throw new BackupRefusedError(`there is a backup ${name} already: choose another name`);
    if (code === '599') throw new BackupRefusedError(`there is no backup ${base ?? ''} in ${dir}`);
    throw error;
  }
  return path;
}

/** Brings a backup back into a store that has no tables yet. */
export async function restore(
  database: Database,
  dialect: Dialect,
  dir: string,
  name: string,
): Promise<void> {
  const path = pathOf(dir, name);
  const tables = await database.rows<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = {database:String} LIMIT 1',
    { database: dialect.database },
  );
  if (tables.length > 0)
    throw new Error(
      `the store is not empty: give another store.dataDir (with store.embedded.backupDir: ${dir}), or move the folder engine away`,
    );
  await database.command(`RESTORE DATABASE ${dialect.database} FROM File(${quoteString(path)})`);
}

function pathOf(dir: string, name: string): string {
  if (!backupName.test(name))
    throw new BackupRefusedError(
      `${JSON.stringify(name)} is no name for a backup: use letters, digits, dots and dashes`,
    );
  return join(dir, name);
}
