import { resolve } from 'node:path';
import { pino, type Logger } from 'pino';
import { backupFolder, restore } from '../store/backup.js';
import { storeConfig, type StoreConfig } from '../store/config.js';
import type { Database } from '../store/database.js';
import { dialectOf } from '../store/dialect.js';
import { readEraseTarget } from '../store/erase.js';
import { writeLedger } from '../store/ledger.js';
import { acceptLosses } from '../store/losses.js';
import { openDatabase, openStore } from '../store/index.js';
import { createDatabase, migrate } from '../store/migrate.js';
import { migrations } from '../store/migrations/index.js';
import { roleStatements, schemaStatements } from '../store/plan.js';
import { exportStore, type TransferProgress } from '../store/transfer/export.js';
import { importStore } from '../store/transfer/import.js';
import { runningOn } from './find-service.js';
import { openConfig } from './open-config.js';
import { postJson } from './remote.js';

/** A backup of everything may take its time. */
const backupTimeoutMs = 3_600_000;

/** Options of every `certglass store` command. Except for `backup` and `accept`, no service may run on an embedded store. */
export interface StoreOptions {
  readonly config?: string;
}

/** `certglass store plan`: prints the statements that make the schema, for a mode other than the configured one where asked. */
export function planStore(
  options: StoreOptions & { readonly mode?: StoreConfig['mode']; readonly cluster?: string },
): Promise<number> {
  const configured = configOf(options);
  const mode = options.mode ?? configured.mode;
  const config: StoreConfig = {
    ...configured,
    mode,
    cluster: options.cluster ?? (configured.cluster || 'certglass'),
  };
  const statements = [...schemaStatements(config), ...(mode === 'embedded' ? [] : roleStatements(config))];
  process.stdout.write(statements.map((statement) => `${statement};\n`).join('\n'));
  return Promise.resolve(0);
}

/** `certglass store export DIR`. */
export async function exportTo(dir: string, options: StoreOptions): Promise<number> {
  const target = resolve(dir); // before the process moves to the folder of the configuration
  return withDatabase(configOf(options), async (database) => {
    const { written } = await exportStore(database, target, report);
    const rows = Object.values(written).reduce((sum, chunk) => sum + chunk.rows, 0);
    process.stdout.write(`${rows} rows in ${Object.keys(written).length} files in ${target}\n`);
  });
}

/** `certglass store import DIR`: into the configured store, which must be empty. */
export async function importFrom(dir: string, options: StoreOptions): Promise<number> {
  const source = resolve(dir);
  const config = configOf(options);
  return withDatabase(config, async (database) => {
    await database.commandOutside(createDatabase(dialectOf(config)));
    await migrate(database, dialectOf(config, await database.version()), migrations, quietLog());
    const { arrived, earlier } = await importStore(database, source, report);
    if (config.mode === 'embedded') await writeLedger(database, config.dataDir);
    const before = earlier === 0 ? '' : `; ${earlier} more had arrived before`;
    process.stdout.write(
      `${arrived} rows arrived, every file's rows and hash the same on both sides${before}\n`,
    );
  });
}

/** `certglass store backup NAME [--base NAME]`: embedded only. A service that runs on the data folder makes the backup itself. */
export async function backupAs(
  name: string,
  options: StoreOptions & { readonly base?: string },
): Promise<number> {
  const config = configOf(options);
  const running = runningOn(config.dataDir);
  if (running !== null) {
    const { base } = options;
    const asked = { name, ...(base === undefined ? {} : { base }) };
    const { path } = await postJson(running, '/api/v1/backups', asked, backupTimeoutMs);
    process.stdout.write(`${String(path)}\n`);
    return 0;
  }
  const store = await openStore(config, quietLog());
  try {
    process.stdout.write(`${await store.backup(name, options.base)}\n`);
    return 0;
  } finally {
    await store.close();
  }
}

/** `certglass store restore NAME`: embedded only, into a new data folder. */
export async function restoreFrom(name: string, options: StoreOptions): Promise<number> {
  const config = configOf(options);
  return withDatabase(config, async (database) => {
    await restore(database, dialectOf(config), backupFolder(config), name);
    acceptLosses(config.dataDir);
    await writeLedger(database, config.dataDir);
    process.stdout.write(`${name} is back in ${resolve(config.dataDir)}\n`);
  });
}

/** `certglass store accept`: what was found missing at a start is dealt with, and no finding any more. Works beside a running service. */
export function acceptMissing(options: StoreOptions): Promise<number> {
  const lines = acceptLosses(configOf(options).dataDir);
  const said = lines.length === 0 ? ['nothing was missing'] : ['accepted:', ...lines];
  process.stdout.write(`${said.join('\n')}\n`);
  return Promise.resolve(0);
}

/** `certglass store erase HOST` or `.DOMAIN`. */
export async function eraseTarget(text: string, options: StoreOptions): Promise<number> {
  const target = readEraseTarget(text);
  const store = await openStore(configOf(options), quietLog());
  try {
    const rows = await store.erase(target, 'command line');
    const name = 'host' in target ? target.host : `${target.domain} and everything under it`;
    process.stdout.write(rows === 0 ? `${name}: nothing was known\n` : `${name}: ${rows} rows erased\n`);
    return 0;
  } finally {
    await store.close();
  }
}

function configOf({ config }: StoreOptions): StoreConfig {
  return config === undefined ? storeConfig.parse({}) : openConfig(config, process.env).store;
}

function quietLog(): Logger {
  return pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));
}

async function withDatabase(
  config: StoreConfig,
  work: (database: Database) => Promise<void>,
): Promise<number> {
  const database = await openDatabase(config, quietLog());
  try {
    await work(database);
    return 0;
  } finally {
    await database.close();
  }
}

const report: TransferProgress = (done, total, name) => {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${done} of ${total} files: ${name}\x1b[K${done === total ? '\n' : ''}`);
};
