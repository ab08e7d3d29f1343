import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { AuditTrail } from './audit/trail.js';
import { backupFolder } from './backup.js';
import { ClockGuard, isLongAgo } from './clock-guard.js';
import type { StoreConfig } from './config.js';
import { Database } from './database.js';
import { dialectOf } from './dialect.js';
import { DiskGuard } from './disk-guard.js';
import { DurableSender } from './durable-sender.js';
import { replaceDamaged, replaceMissing } from './definitions.js';
import { engineFolder, inUse } from './embedded/owner.js';
import { EngineProcess, EngineUnavailableError } from './embedded/process.js';
import { readLedger } from './ledger.js';
import { checkLedger } from './ledger-check.js';
import { LedgerKeeper } from './ledger-keeper.js';
import { addLosses } from './losses.js';
import { completeSchema } from './schema-check.js';
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
  const isEmbedded = config.mode === 'embedded';
  const before = isEmbedded ? readLedger(config.dataDir) : null;
  const repaired: string[] = [];
  const database = await openDatabase(config, log, (line) => repaired.push(line));
  try {
    await database.commandOutside(createDatabase(dialectOf(config)));
    const dialect = dialectOf(config, await database.version());
    if (isEmbedded) await checkLedger(database, config, before, repaired, log);
    await backupBeforeUpgrade(database, dialect, { config, migrations, log });
    await migrate(database, dialect, migrations, log);
    if (isEmbedded)
      await addLosses(config.dataDir, await completeSchema(database, dialect, config, migrations));
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
    });
    const { clock, keeper } = await keepNotes(database, config, before?.at ?? null, log);
    const store = new LiveStore({
      trail,
      keeper,
      clock,
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

/** Starts what notes the state of the database, and what watches the clock that it deletes by. */
async function keepNotes(
  database: Database,
  config: StoreConfig,
  lastAt: string | null,
  log: Logger,
): Promise<{ readonly clock: ClockGuard; readonly keeper: LedgerKeeper | null }> {
  const allow = (deleting: boolean): Promise<void> => database.deleteExpired(deleting);
  const clock = new ClockGuard({ lastAt, allow, log });
  await clock.look();
  if (config.mode !== 'embedded') return { clock, keeper: null };
  const keeper = new LedgerKeeper(database, config.dataDir, clock, log);
  await keeper.note();
  return { clock, keeper };
}

/**
 * Connects to the database of a configuration, the embedded engine started first where that is asked for. The schema is left as it is.
 * `onRepair` gets a line about each definition of a table that was missing or damaged and came back from the ledger's copy.
 */
export async function openDatabase(
  config: StoreConfig,
  log: Logger,
  onRepair: (line: string) => void = () => undefined,
): Promise<Database> {
  return new Database(config, config.mode === 'embedded' ? await openRepaired(config, log, onRepair) : null);
}

async function openRepaired(
  config: StoreConfig,
  log: Logger,
  onRepair: (line: string) => void,
): Promise<EngineProcess> {
  const engine = engineFolder(config.dataDir);
  const kept = join(config.dataDir, 'damaged-definitions');
  const ledger = readLedger(config.dataDir);
  if (ledger !== null && inUse(engine) === null)
    for (const path of replaceMissing(engine, ledger))
      onRepair(`the definition ${path} was missing and was brought back from a copy`);
  for (;;)
    try {
      return await openEngine(config, log, isLongAgo(ledger?.at));
    } catch (error) {
      const path = error instanceof EngineUnavailableError ? error.definition : null;
      if (ledger === null || path === null || !replaceDamaged(engine, kept, ledger, path)) throw error;
      onRepair(`the definition ${path} was damaged and was brought back from a copy`);
    }
}

function openEngine(config: StoreConfig, log: Logger, keepsExpired: boolean): Promise<EngineProcess> {
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
    undefined,
    keepsExpired,
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
  // Findings have the revision above it, see rows/finding.ts.
  const selects = [
    ...tables.map((table) => `SELECT max(version) AS version FROM ${table}`),
    'SELECT max(bitAnd(version, 17592186044415)) AS version FROM findings',
  ];
  let last = 0;
  // One after the other: a union of so many distributed tables opens a connection to every shard for each.
  for (const select of selects) {
    const [row] = await database.rows<{ version: string }>(select);
    last = Math.max(last, Number(row?.version ?? 0));
  }
  return last;
}
