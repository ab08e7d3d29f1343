import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Outcome, TlsFacts } from '../../../src/model/observation.js';

/** Raw result of one connection: what a probe learned before anything is parsed. */
export interface ConnectionResult {
  readonly outcome: Outcome;
  readonly detail: string | null;
  readonly tls: TlsFacts | null;
  /** DER as received, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** Another try may end differently. */
  readonly isTransient?: boolean;
}

/** Where to connect, and until when. */
export interface Route {
  readonly address: string;
  readonly port: number;
  /** Local address to connect from; null lets the system choose. */
  readonly sourceAddress: string | null;
  /** `performance.now()` value at which everything ends. */
  readonly deadlineAt: number;
  readonly signal: AbortSignal;
}

/** An open connection in the hands of a conversation. The conversation ends it by `finish`, once. */
export interface Connection {
  readonly socket: Socket;
  /** Where TLS goes: the socket itself, or what a protocol wraps around it. */
  readonly stream: Duplex;
  /** Hands on what comes; a chunk is valid until the listener returns. */
  listen(listener: (chunk: Uint8Array) => void): void;
  /** A TLS socket laid over `stream`: closed before it. In the other order Node 20 crashes inside its handshake callbacks. */
  cover(socket: Socket): void;
  /** What to give as detail when the peer or the deadline cuts the connection in the phase that begins; null: nothing special. */
  explain(explanation: (() => string) | null): void;
  finish(look: ConnectionResult): void;
}

/** What is said over one connection. */
export interface Talk {
  /** The bytes are only listened to (see {@link Connection.listen}): then all connections share one buffer for reading. */
  readonly isRaw: boolean;
  /** Called once the connection is open. What it throws ends the connection. */
  begin(connection: Connection): void;
  /** What is known when the peer or the deadline cuts it; null leaves it at `closed` or `silent`. */
  cut?(event: 'closed' | 'deadline'): ConnectionResult | null;
}

/**
 * Opens a TCP connection, hands it to `talk` and closes it when `finish` is called, the deadline passes, the peer ends it
 * or the signal is aborted. Never rejects.
 */
export function withConnection(route: Route, talk: Talk): Promise<ConnectionResult> {
  return new Promise((resolve) => {
    if (route.signal.aborted) return resolve(failure('timeout', 'stopped before the connection'));
    try {
      new Attempt(route, talk, resolve).start();
    } catch (error) {
      resolve(networkFailure(error));
    }
  });
}

/** One connection from its opening to its look. An object rather than closures: there are thousands of these a second. */
class Attempt implements Connection {
  readonly socket: Socket;
  readonly #route: Route;
  readonly #talk: Talk;
  readonly #resolve: (look: ConnectionResult) => void;
  #running: Attempts | undefined;
  #timer: NodeJS.Timeout | undefined;
  #covering: Socket | undefined;
  #isConnected = false;
  #isFinished = false;
  #explanation: (() => string) | null = null;
  #hear: (chunk: Uint8Array) => void = ignore;
  /** Place among those that are running. */
  index = 0;

  /** Throws where the address, the port or the local address is none. */
  constructor(route: Route, talk: Talk, resolve: (look: ConnectionResult) => void) {
    this.#route = route;
    this.#talk = talk;
    this.#resolve = resolve;
    const options = {
      host: route.address,
      port: route.port,
      autoSelectFamily: false,
      noDelay: !talk.isRaw, // a hello is one write
      localAddress: route.sourceAddress ?? undefined,
      onread: talk.isRaw ? this.#sharedReading() : undefined,
      // What Node sets anyway: to a list without these, Node 20 adds them one by one, at the price of a tenth of a probe.
      allowHalfOpen: false,
      emitClose: false,
      autoDestroy: true,
      decodeStrings: false,
    };
    this.socket = connect(options);
  }

  start(): void {
    this.socket.on('error', (error) => this.finish(networkFailure(error)));
    this.socket.on('close', () => this.#cut('closed'));
    this.socket.on('connect', () => this.#connected());
    const leftMs = this.#route.deadlineAt - performance.now();
    this.#timer = setTimeout(() => this.#cut('deadline'), Math.max(1, leftMs));
    this.#running = attemptsOf(this.#route.signal);
    this.#running.add(this);
  }

  get stream(): Duplex {
    return this.socket;
  }

  abort(): void {
    this.#cut('deadline');
  }

  listen(listener: (chunk: Uint8Array) => void): void {
    this.#hear = listener;
    if (!this.#talk.isRaw) this.socket.on('data', (chunk) => this.#heard(chunk));
  }

  cover(over: Socket): void {
    this.#covering = over;
  }

  explain(explanation: (() => string) | null): void {
    this.#explanation = explanation;
  }

  finish(look: ConnectionResult): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const isSelf = look.outcome !== 'ok' && this.#isConnected && isSelfConnected(this.socket, this.#route);
    clearTimeout(this.#timer);
    this.#running?.remove(this);
    this.#covering?.destroy();
    this.socket.destroy();
    this.#resolve(isSelf ? failure('refused', 'TCP self-connect') : look);
  }

  #connected(): void {
    this.#isConnected = true;
    try {
      this.#talk.begin(this);
    } catch (error) {
      this.finish(networkFailure(error));
    }
  }

  #sharedReading(): { buffer: Uint8Array; callback(size: number, buffer: Uint8Array): boolean } {
    return {
      buffer: sharedBuffer,
      callback: (size, buffer) => {
        this.#heard(buffer.subarray(0, size));
        return true;
      },
    };
  }

  #heard(chunk: Uint8Array): void {
    try {
      this.#hear(chunk);
    } catch (error) {
      this.finish(networkFailure(error));
    }
  }

  #cut(event: 'closed' | 'deadline'): void {
    if (!this.#isFinished) this.finish(this.#lookAtCut(event));
  }

  #lookAtCut(event: 'closed' | 'deadline'): ConnectionResult {
    if (event === 'deadline' && !this.#isConnected)
      return failure('timeout', 'no answer to the connection request');
    const detail = this.#explanation?.() ?? null;
    const look = detail === null ? (this.#talk.cut?.(event) ?? null) : null;
    if (look !== null) return look;
    return event === 'closed'
      ? { ...failure('closed', detail), isTransient: true }
      : failure('silent', detail);
  }
}

function ignore(): void {
  // nobody listens yet
}

/**
 * Connections that end with a signal. An array with holes filled from the end: a Set leaves a chain of tables behind that
 * keeps everything once in it from being collected young.
 */
class Attempts {
  readonly #all: Attempt[] = [];

  add(attempt: Attempt): void {
    attempt.index = this.#all.push(attempt) - 1;
  }

  remove(attempt: Attempt): void {
    const last = this.#all.pop();
    if (last === undefined || last === attempt) return;
    this.#all[attempt.index] = last;
    last.index = attempt.index;
  }

  abort(): void {
    for (const attempt of [...this.#all]) attempt.abort();
  }
}

const attempts = new WeakMap<AbortSignal, Attempts>();

/** One listener for all that end with the signal: one for each would cost as much as the rest of a probe's bookkeeping. */
function attemptsOf(signal: AbortSignal): Attempts {
  const known = attempts.get(signal);
  if (known !== undefined) return known;
  const all = new Attempts();
  attempts.set(signal, all);
  signal.addEventListener('abort', () => all.abort(), { once: true });
  return all;
}

/**
 * A connection to a free port of this machine that was by chance given the same port as its own: TCP connects it to itself
 * (RFC 9293 section 3.5, simultaneous open). Such ports are 32768 and above on the systems Node runs on.
 */
function isSelfConnected(socket: Socket, { address, port }: Route): boolean {
  return port >= 32_768 && socket.localPort === port && socket.localAddress === address;
}

const sharedBuffer = Buffer.allocUnsafeSlow(65_536);

/** A look that brought nothing. */
export function failure(outcome: Outcome, detail: string | null): ConnectionResult {
  return { outcome, detail, tls: null, chain: [] };
}

/** System errors by what they say of the endpoint; anything else is the local stack's trouble: `unreachable`. */
const outcomesByCode: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ETIMEDOUT: 'timeout',
};

/** Errors that another try may not meet: resets, and shortages of this machine. */
const transientCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EAGAIN',
  'EADDRNOTAVAIL',
]);

/** What a socket error says; undefined code and unknown ones are `unreachable`. */
export function networkFailure(error: unknown): ConnectionResult {
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  return {
    ...failure(outcomesByCode[code] ?? 'unreachable', message),
    isTransient: transientCodes.has(code),
  };
}

/** `code` of a Node error; empty when there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
