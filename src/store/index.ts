import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { AuditTrail } from './audit/trail.js';
import { backupFolder } from './backup.js';
import type { StoreConfig } from './config.js';
import { Database } from './database.js';
import { dialectOf } from './dialect.js';
import { DiskGuard } from './disk-guard.js';
import { DurableSender } from './durable-sender.js';
import { engineFolder } from './embedded/owner.js';
import { EngineProcess } from './embedded/process.js';
import type { EraseTarget } from './erase.js';
import { LiveStore } from './live-store.js';
import { createDatabase, migrate } from './migrate.js';
import { migrations } from './migrations/index.js';
import { createStreamRows } from './queries/stream-rows.js';
import { applyRetention } from './retention.js';
import type { ApiReader } from './console-reader.js';
import { Spool } from './spool.js';
import type { Store } from './store.js';
import { backupBeforeUpgrade } from './upgrade-backup.js';
import { Writer } from './writer.js';

/** A store with its reader for the API, the console and reports, and what an operator may ask of it. */
export interface OpenStore extends Store {
  readonly reader: ApiReader;
  /** Deletes every look, state and finding of a host or domain from the disk and tells how many rows; noted in the audit trail. */
  erase(target: EraseTarget, actor: string): Promise<number>;
  /** Embedded only: copies the database into the backup folder while it is in use; with `base` only what changed since that backup. */
  backup(name: string, base?: string): Promise<string>;
}

/**
 * Opens the store and brings its schema up to date. Throws an Error whose message tells the operator what to do: the folder is in
 * use, chdb is missing, the server does not answer, the schema is newer.
 */
export async function openStore(config: StoreConfig, log: Logger): Promise<OpenStore> {
  const database = await openDatabase(config, log);
  try {
    await database.commandOutside(createDatabase(dialectOf(config)));
    const dialect = dialectOf(config, await database.version());
    await backupBeforeUpgrade(database, dialect, { config, migrations, log });
    await migrate(database, dialect, migrations, log);
    const retention = await applyRetention(database, dialect, config.retentionDays);
    const dir = config.spool.dir === '' ? join(config.dataDir, 'spool') : config.spool.dir;
    const spool = await Spool.open(resolve(dir), config.spool.maxMiB * 1_048_576, config.batch, log);
    const sender = new DurableSender(database, spool, config.spool.afterMs, log);
    const guard = new DiskGuard(
      config.mode === 'embedded' ? resolve(config.dataDir) : resolve(dir),
      config.minFreeMiB * 1_048_576,
      log,
    );
    const writer = new Writer(
      config.batch,
      (batch) => sender.send(batch),
      () => guard.admit(),
    );
    const trail = await AuditTrail.open({
      database,
      writer,
      streamRows: createStreamRows(database),
      file: resolve(config.dataDir, `audit-end-${config.database}.json`),
      log,
    });
    const store = new LiveStore({
      trail,
      config,
      database,
      writer,
      sender,
      guard,
      lastVersion: await lastVersion(database),
    });
    if (Object.keys(retention).length > 0) {
      log.debug({ days: retention }, 'retention set');
      await store.audit('certglass', 'store.retention', config.database, retention);
    }
    return store;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Connects to the database of a configuration, the embedded engine started first where that is asked for. The schema is left as it is. */
export async function openDatabase(config: StoreConfig, log: Logger): Promise<Database> {
  return new Database(config, config.mode === 'embedded' ? await openEngine(config, log) : null);
}

function openEngine(config: StoreConfig, log: Logger): Promise<EngineProcess> {
  const dataDir = engineFolder(config.dataDir);
  return EngineProcess.open(
    {
      dataDir,
      uploadDir: join(dataDir, 'uploads'),
      backupDir: backupFolder(config),
      database: config.database,
      port: config.embedded.port,
      readerPassword: config.embedded.readerPassword,
      readers: config.embedded.readers,
      memoryMiB: config.embedded.memoryMiB,
      queryMemoryMiB: config.query.maxMemoryMiB,
      querySeconds: config.query.maxSeconds,
      readerCpuMs: config.embedded.readerCpuMs,
      maxStatementBytes: 16_777_216,
      maxUploadBytes: 1_073_741_824,
    },
    log,
  );
}

/** The greatest version given out so far: the clock may have gone back since. */
async function lastVersion(database: Database): Promise<number> {
  const tables = [
    'answers',
    'ct_positions',
    'deliveries',
    'delivery_messages',
    'inventory_runs',
    'scans',
    'schedule_runs',
    'judged',
    'records',
  ];
  const selects = tables.map((table) => `SELECT max(version) AS version FROM ${table}`);
  // Findings have the revision above it, see rows/finding.ts.
  selects.push('SELECT max(bitAnd(version, 17592186044415)) AS version FROM findings');
  const [row] = await database.rows<{ version: string }>(
    `SELECT max(version) AS version FROM (${selects.join(' UNION ALL ')})`,
  );
  return Number(row?.version ?? 0);
}
