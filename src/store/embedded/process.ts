import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EngineOptions } from './engine.js';
import type { FromChild, ToChild } from './messages.js';
import { inUseBy } from './owner.js';

type OpenOptions = Omit<EngineOptions, 'writerPassword'>;

/** Where the engine can be reached now. */
export interface EngineAddress {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly version: string;
  /** Another one after each start of the engine; so is the password, so that no other engine is ever taken for this one. */
  readonly instance: string;
}

/** The data folder cannot be opened; the message says what to do. */
export class EngineUnavailableError extends Error {
  override readonly name = 'EngineUnavailableError';
}

const childFile = new URL('./child.js', import.meta.url);
const openDeadlineMs = 60_000;
const lockPatienceMs = 5_000;

/** Keeps one engine process alive: opens it, opens it again when it dies, and closes it in the end. */
export class EngineProcess {
  readonly #options: OpenOptions;
  readonly #log: Logger;
  #child: ChildProcess | null = null;
  #closed = false;
  #address: Promise<EngineAddress>;

  private constructor(options: OpenOptions, log: Logger, child: ChildProcess, address: EngineAddress) {
    this.#options = options;
    this.#log = log;
    this.#address = Promise.resolve(address);
    this.#watch(child);
  }

  /** Opens the folder. Throws {@link EngineUnavailableError} within 2 s when another service has it. */
  static async open(options: OpenOptions, log: Logger): Promise<EngineProcess> {
    const { child, address } = await openChild(options);
    return new EngineProcess(options, log, child, address);
  }

  /** Where the engine is; while it is being opened again, waits for that. */
  address(): Promise<EngineAddress> {
    return this.#address;
  }

  /** Process id of the engine; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Ends the engine in an orderly way, by force after 8 seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#address.catch(() => undefined);
    const child = this.#child;
    if (child === null) return;
    const exited = once(child, 'exit');
    child.send({ type: 'close' } satisfies ToChild, () => undefined);
    const force = setTimeout(() => child.kill('SIGKILL'), 8_000);
    await exited;
    clearTimeout(force);
  }

  #watch(child: ChildProcess): void {
    this.#child = child;
    let why: string | undefined;
    child.on('message', (message: FromChild) => {
      if (message.type === 'dying') why = message.why;
    });
    child.once('exit', (code, signal) => {
      this.#child = null;
      if (this.#closed) return;
      this.#log.error({ code, signal, why }, 'engine died, opening it again');
      this.#address = this.#reopen();
      this.#address.catch(() => undefined);
    });
  }

  async #reopen(): Promise<EngineAddress> {
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 5_000)) {
      if (this.#closed) throw new EngineUnavailableError('the store is closed');
      try {
        const { child, address } = await openChild(this.#options);
        this.#watch(child);
        this.#log.info({ pid: child.pid }, 'engine open again');
        return address;
      } catch (error) {
        this.#log.error({ error: String(error), waitMs }, 'engine cannot be opened, will try again');
        await delay(waitMs);
      }
    }
  }
}

async function openChild(options: OpenOptions): Promise<{ child: ChildProcess; address: EngineAddress }> {
  const patience = Date.now() + lockPatienceMs;
  for (;;) {
    const password = randomBytes(24).toString('base64url');
    const child = forkChild({ ...options, writerPassword: password });
    const closed = once(child, 'close');
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
    const message = await firstMessage(child);
    if (message.type === 'ready') {
      const url = `http://127.0.0.1:${message.port}`;
      const { version } = message;
      return { child, address: { url, username: 'certglass', password, version, instance: randomUUID() } };
    }
    child.kill('SIGKILL');
    await closed;
    // The engine of a service that was killed goes right after it; its folder is free in a moment.
    const orphaned =
      message.reason === 'locked' && (message.owner.enginePid === null || message.owner.servicePid === null);
    if (!orphaned || Date.now() > patience)
      throw new EngineUnavailableError(explain(message, said, options.dataDir));
    await delay(50);
  }
}

function forkChild(options: EngineOptions): ChildProcess {
  // Each running query takes one thread of libuv's pool.
  const threads = options.readers + 12;
  const child = fork(childFile, [], {
    env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
  child.send({ type: 'open', options } satisfies ToChild, () => undefined);
  return child;
}

function firstMessage(child: ChildProcess): Promise<Exclude<FromChild, { type: 'dying' }>> {
  return new Promise((resolve) => {
    const end = (message: string): void => {
      clearTimeout(timer);
      resolve({ type: 'failed', reason: 'other', message, owner: { enginePid: null, servicePid: null } });
    };
    const timer = setTimeout(
      () => end(`the engine did not open within ${openDeadlineMs / 1000} s`),
      openDeadlineMs,
    );
    child.on('message', (message: FromChild) => {
      if (message.type === 'dying') return;
      clearTimeout(timer);
      resolve(message);
    });
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(`the engine process ended at once (${signal ?? code})`));
  });
}

function explain(failure: FromChild & { type: 'failed' }, said: string, dataDir: string): string {
  const server = 'or give the URL of a ClickHouse server (store.mode: server, store.url)';
  const cause = /DB::Exception: [^\n]*/.exec(said)?.[0] ?? failure.message.split('\n')[0];
  if (failure.reason === 'no-chdb')
    return (
      `the embedded database is not installed or has no build for ${process.platform}-${process.arch} ` +
      `(package chdb: ${cause}); install it, ${server}`
    );
  if (failure.reason === 'newer') return `the data folder ${dataDir} cannot be opened: ${cause}`;
  if (failure.reason === 'locked' && failure.owner.enginePid !== null) return inUseBy(dataDir, failure.owner);
  return `the data folder ${dataDir} cannot be opened: ${cause}; see that it is writable and has free space, ${server}`;
}
