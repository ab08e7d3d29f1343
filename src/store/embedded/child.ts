import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { Engine, type EngineOptions } from './engine.js';
import { processIdentity, readOr } from '../process-identity.js';
import { folderOwner, serviceFile } from './owner.js';
import type { FailureReason, FromChild, ToChild } from './messages.js';
import { createEngineServer } from './server.js';

/**
 * The process that owns an embedded data folder. It is forked by `process.ts`, told what to open over IPC, and lives no longer
 * than its parent: when the channel closes it kills itself, which loses nothing that was acknowledged and frees the folder.
 */
let closing = false;

/** Probes come before queries: the engine takes what processor time the service leaves. */
const niceness = 10;

function tell(message: FromChild): void {
  process.send?.(message);
}

function die(): void {
  // process.exit would wait for queries that are still running.
  process.kill(process.pid, 'SIGKILL');
}

process.on('disconnect', die);
// A terminal sends these to the whole group; the parent decides when to stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('message', (message: ToChild) => {
  if (message.type === 'open') void open(message.options);
  if (message.type === 'ping') tell({ type: 'pong' });
});

/** Lowers the priority of every thread there is; those to come inherit it. Linux knows a priority for each thread, others one for all. */
function giveWay(): void {
  const threads = existsSync('/proc/self/task') ? readdirSync('/proc/self/task').map(Number) : [0];
  for (const thread of threads)
    try {
      setPriority(thread, niceness);
    } catch {
      // The thread has ended meanwhile, or priorities are not for us to change: the engine is of use all the same.
    }
}

async function open(options: EngineOptions): Promise<void> {
  giveWay();
  let chdb: Parameters<typeof newEngine>[0];
  try {
    chdb = await import('chdb');
  } catch (error) {
    fail('no-chdb', error);
    return;
  }
  try {
    const engine = newEngine(chdb, options);
    const server = createEngineServer(engine, options);
    process.on('message', (message: ToChild) => {
      if (message.type !== 'close' || closing) return;
      closing = true;
      // Closed in an orderly way it would delete what a broken part was made of.
      if (engine.isDiskFull) die();
      server.close();
      server.closeIdleConnections();
      void engine.close().then(() => process.exit(0));
    });
    server.on('error', (error) => fail('other', error));
    server.listen(options.port, '127.0.0.1', () => {
      tell({ type: 'ready', port: (server.address() as AddressInfo).port, version: engine.version });
    });
  } catch (error) {
    const locked = error instanceof Error && error.name === 'ChdbConnectionError';
    fail(error instanceof NewerFolderError ? 'newer' : locked ? 'locked' : 'other', error, options.dataDir);
  }
}

class NewerFolderError extends Error {}

/** Opens the folder after a look at which engine wrote it last: an older engine may not understand a newer one's parts. */
function newEngine(chdb: ConstructorParameters<typeof Engine>[0], options: EngineOptions): Engine {
  const engine = new Engine(chdb, options, (why) => {
    process.send?.({ type: 'dying', why } satisfies FromChild, die);
  });
  writeFileSync(join(options.dataDir, serviceFile), processIdentity(options.servicePid));
  const file = join(options.dataDir, 'certglass-engine-version');
  const last = readOr(file, '').trim();
  if (last !== '' && compareVersions(last, engine.version) > 0) {
    throw new NewerFolderError(
      `the data folder was written by engine ${last}, this is engine ${engine.version}: install the newer chdb again`,
    );
  }
  if (last !== engine.version) writeFileSync(file, `${engine.version}\n`);
  return engine;
}

function compareVersions(left: string, right: string): number {
  const parts = (version: string): number[] => version.split('.').map(Number);
  const [a, b] = [parts(left), parts(right)];
  // The first two numbers name a release; the others are corrections that keep the format.
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}

function fail(reason: FailureReason, error: unknown, dataDir = ''): void {
  tell({
    type: 'failed',
    reason,
    message: error instanceof Error ? error.message : String(error),
    owner: folderOwner(dataDir),
  });
  // Gives the message time to leave; the parent kills this process once it has it.
  setTimeout(die, 1_000);
}
