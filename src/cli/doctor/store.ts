import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import type { Config } from '../../config/config.js';
import { dialectOf } from '../../store/dialect.js';
import { engineFolder, inUse } from '../../store/embedded/owner.js';
import { openDatabase } from '../../store/index.js';
import { migrate } from '../../store/migrate.js';
import { migrations } from '../../store/migrations/index.js';
import { getJson, type Remote } from '../remote.js';
import { bad, ok, skipped, type Check } from './check.js';

/** Files of the data folder that hold secrets, as far as they exist. */
const secretFiles = ['service.json', 'evidence-key.pem', 'access'];

/** Whether the database answers and which schema it has; a database that a service has open is that service's to judge. */
export async function checkDatabase({ store }: Config): Promise<Check> {
  const isEmbedded = store.mode === 'embedded';
  const folder = engineFolder(store.dataDir);
  const where = isEmbedded ? folder : store.url;
  if (isEmbedded && inUse(folder) !== null) return ok('database', `${where} is open in the running service`);
  const isNew = isEmbedded && !existsSync(folder);
  const advice = isEmbedded
    ? 'see docs/runbooks/store.md; "certglass store restore" brings a backup back'
    : 'check store.url, store.username and store.password, and that the server is up';
  try {
    return isNew ? await checkEngine(store, where) : await checkSchema(store, where);
  } catch (error) {
    return bad('database', 'failed', error instanceof Error ? error.message : String(error), advice);
  }
}

/** Whether the engine works on this machine, tried in a folder that is removed again. */
async function checkEngine(store: Config['store'], where: string): Promise<Check> {
  const dataDir = await mkdtemp(join(tmpdir(), 'certglass-doctor-'));
  try {
    const embedded = { ...store.embedded, port: 0, backupDir: '' };
    const database = await openDatabase({ ...store, dataDir, embedded }, pino({ level: 'silent' }));
    try {
      return ok('database', `ClickHouse ${await database.version()} works; the first start makes ${where}`);
    } finally {
      await database.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function checkSchema(store: Config['store'], where: string): Promise<Check> {
  const log = pino({ level: 'silent' });
  const database = await openDatabase(store, log);
  try {
    const version = await database.version();
    const steps = await migrate(database, dialectOf(store, version), migrations, log, true);
    const schema =
      steps.length === 0
        ? `schema ${migrations.length}, current`
        : `schema ${migrations.length - steps.length}; the next start makes it ${migrations.length}`;
    return ok('database', `${where}: ClickHouse ${version}, ${schema}`);
  } finally {
    await database.close();
  }
}

/** How the service that runs on the data folder is; null `remote`: none does. */
export async function checkService(remote: Remote | null, dataDir: string): Promise<Check> {
  if (remote === null) return skipped('service', `none runs on ${resolve(dataDir)}`);
  const { items } = await getJson(remote, '/api/v1/findings?state=open&subjectKind=self&limit=100');
  const own = items as readonly { readonly rule: string; readonly title: string }[];
  if (own.length === 0) return ok('service', `runs at ${remote.url} and reports nothing about itself`);
  const said = own.slice(0, 3).map(({ title }) => title);
  const more = own.length > 3 ? `; and ${own.length - 3} more` : '';
  return bad(
    'service',
    'warning',
    `runs at ${remote.url} and reports about itself: ${said.join('; ')}${more}`,
    'see these findings in the console, and docs/runbooks',
  );
}

/** Files with secrets that other users can read: in the data folder, and the configuration where a secret stands in it. */
export function checkSecrets({ store }: Config, file: string | null, holdsSecret: boolean): Check {
  const inFolder = secretFiles.map((name) => join(resolve(store.dataDir), name));
  const paths = [...inFolder, ...(file !== null && holdsSecret ? [file] : [])].filter((path) =>
    existsSync(path),
  );
  // The group may read the configuration: that is how packages give a service its file.
  const open = paths.filter((path) => (statSync(path).mode & (path === file ? 0o007 : 0o077)) !== 0);
  if (open.length === 0) return ok('permissions', 'no other user can read a secret');
  const advice = `chmod ${open.includes(file ?? '') ? 'o-rwx' : 'go-rwx'} ${open.join(' ')}`;
  return bad('permissions', 'failed', `other users can read ${open.join(' and ')}`, advice);
}
