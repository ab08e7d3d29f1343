import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EngineOptions } from './engine.js';
import type { FromChild, ToChild } from './messages.js';
import { isLocked, unreadableDefinition, whyNotOpen, type OpenFailure } from './why-not-open.js';

type OpenOptions = Omit<EngineOptions, 'writerPassword' | 'servicePid' | 'keepsExpired'>;

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
  /** Path in the folder of the table's definition that stands in the way; null when it is something else. */
  readonly definition: string | null;

  constructor(message: string, definition: string | null = null) {
    super(message);
    this.definition = definition;
  }
}

const childFile = new URL('./child.js', import.meta.url);
const openDeadlineMs = 60_000;
/** An engine with much in memory takes its time to be gone once its service was killed. */
const lockPatienceMs = 15_000;
/** How long a query waits for an engine that is being opened again; less than who asks after its health has. */
const addressPatienceMs = 3_000;
/** How often the engine is asked for a sign of life, and how many may stay unanswered: a machine that was asleep costs one. */
const pulseEveryMs = 10_000;
const missedPulses = 6;
/** An engine that died sooner than this may do so again: the next one is given more time each time. */
const shortLifeMs = 1_000;
const longestWaitMs = 5_000;

/** Keeps one engine process alive: opens it, opens it again when it dies or hangs, and closes it in the end. */
export class EngineProcess {
  readonly #options: OpenOptions;
  readonly #log: Logger;
  readonly #pulseMs: number;
  #child: ChildProcess | null = null;
  #closed = false;
  #keepsExpired: boolean;
  /** Null while the engine is being opened again. */
  #address: EngineAddress | null = null;
  #opening: Promise<void> = Promise.resolve();
  #trouble = 'it died';
  #shortLives = 0;

  private constructor(options: OpenOptions, keepsExpired: boolean, log: Logger, pulseMs: number) {
    this.#keepsExpired = keepsExpired;
    this.#options = options;
    this.#log = log;
    this.#pulseMs = pulseMs;
  }

  /** Opens the folder. Throws {@link EngineUnavailableError} within 2 s when another service has it. */
  static async open(
    options: OpenOptions,
    log: Logger,
    pulseMs = pulseEveryMs,
    keepsExpired = false,
  ): Promise<EngineProcess> {
    const engine = new EngineProcess(options, keepsExpired, log, pulseMs);
    engine.#watch(await openChild({ ...options, keepsExpired }));
    return engine;
  }

  /** From now on rows may be deleted by age, or not: an engine that was opened with the other order is opened again. */
  deleteExpired(deleting: boolean): void {
    if (deleting !== this.#keepsExpired) return;
    this.#keepsExpired = !deleting;
    if (deleting) this.#child?.kill('SIGKILL');
  }

  /**
   * Where the engine is. While it is being opened again waits for that, though not long: then it throws {@link EngineUnavailableError}, so
   * that what is to be written can go elsewhere.
   */
  async address(): Promise<EngineAddress> {
    if (this.#address !== null) return this.#address;
    const enough = new AbortController();
    const late = delay(addressPatienceMs, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([this.#opening, late]);
    enough.abort();
    if (this.#address === null)
      throw new EngineUnavailableError(
        `the engine is not open: ${this.#closed ? 'it was closed' : this.#trouble}`,
      );
    return this.#address;
  }

  /** Process id of the engine; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Ends the engine in an orderly way, by force after 8 seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening;
    const child = this.#child;
    if (child === null) return;
    const exited = once(child, 'exit');
    child.send({ type: 'close' } satisfies ToChild, () => undefined);
    const force = setTimeout(() => child.kill('SIGKILL'), 8_000);
    await exited;
    clearTimeout(force);
  }

  #watch({ child, address }: { child: ChildProcess; address: EngineAddress }): void {
    this.#child = child;
    this.#address = address;
    const openedAtMs = performance.now();
    const pulse = this.#feel(child);
    let why: string | undefined;
    child.on('message', (message: FromChild) => {
      if (message.type === 'dying') why = message.why;
    });
    child.once('exit', (code, signal) => {
      clearInterval(pulse);
      this.#child = null;
      this.#address = null;
      if (this.#closed) return;
      this.#log.error({ code, signal, why }, 'engine died, opening it again');
      this.#trouble = why ?? `it died (${signal ?? code})`;
      this.#shortLives = performance.now() - openedAtMs < shortLifeMs ? this.#shortLives + 1 : 0;
      this.#opening = this.#reopen();
    });
  }

  /** Asks the engine for signs of life, and ends it by force when they stay away: what it acknowledged is on the disk. */
  #feel(child: ChildProcess): NodeJS.Timeout {
    let missed = 0;
    child.on('message', (message: FromChild) => {
      if (message.type === 'pong') missed = 0;
    });
    return setInterval(() => {
      missed += 1;
      if (missed > missedPulses && !this.#closed) {
        this.#log.error({ pid: child.pid }, 'engine hangs, ending it');
        child.kill('SIGKILL');
      } else if (child.connected) child.send({ type: 'ping' } satisfies ToChild, () => undefined);
    }, this.#pulseMs).unref();
  }

  /** Opens the engine again, however often it takes; resolves then, or once this is closed. */
  async #reopen(): Promise<void> {
    for (
      let waitMs = this.#shortLives === 0 ? 0 : 25 * 2 ** this.#shortLives;
      ;
      waitMs = Math.max(50, waitMs * 2)
    ) {
      await delay(Math.min(waitMs, longestWaitMs));
      if (this.#closed) return;
      try {
        const opened = await openChild({ ...this.#options, keepsExpired: this.#keepsExpired });
        this.#watch(opened);
        this.#log.info({ pid: opened.child.pid }, 'engine open again');
        return;
      } catch (error) {
        this.#trouble = String(error);
        this.#log.error({ error: this.#trouble }, 'engine cannot be opened, will try again');
      }
    }
  }
}

async function openChild(
  options: OpenOptions & Pick<EngineOptions, 'keepsExpired'>,
): Promise<{ child: ChildProcess; address: EngineAddress }> {
  const patience = Date.now() + lockPatienceMs;
  for (;;) {
    const password = randomBytes(24).toString('base64url');
    const child = forkChild({ ...options, writerPassword: password, servicePid: process.pid });
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
    const failure: OpenFailure = { ...message, said, signal: message.signal ?? null };
    // The engine of a service that was killed goes right after it; its folder is free in a moment.
    const { enginePid, servicePid } = message.owner;
    const orphaned = isLocked(failure) && (enginePid === null || servicePid === null);
    if (!orphaned || Date.now() > patience)
      throw new EngineUnavailableError(whyNotOpen(failure, options), unreadableDefinition(failure));
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

type FirstMessage =
  | Extract<FromChild, { type: 'ready' }>
  | (Extract<FromChild, { type: 'failed' }> & { readonly signal?: string | null });

function firstMessage(child: ChildProcess): Promise<FirstMessage> {
  return new Promise((resolve) => {
    const end = (message: string, signal: string | null = null): void => {
      clearTimeout(timer);
      const owner = { enginePid: null, servicePid: null };
      resolve({ type: 'failed', reason: 'other', message, owner, signal });
    };
    const timer = setTimeout(
      () => end(`the engine did not open within ${openDeadlineMs / 1000} s`),
      openDeadlineMs,
    );
    child.on('message', (message: FromChild) => {
      if (message.type === 'dying' || message.type === 'pong') return;
      clearTimeout(timer);
      resolve(message);
    });
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(`the engine process ended at once (${signal ?? code})`, signal));
  });
}
