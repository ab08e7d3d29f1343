import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Outcome, TlsFacts } from '../../src/model/observation.js';

/** Raw result of one connection: what a probe learned before anything is parsed. */
export interface Look {
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
  /** The bytes are only listened to (see {@link Connection}): then all connections share one buffer for reading. */
  readonly isRaw?: boolean;
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
  finish(look: Look): void;
}

/** What a conversation says when it is cut: by the peer, or by the deadline; null leaves it at `closed` or `silent`. */
export type Interpret = (event: 'closed' | 'deadline') => Look | null;

/**
 * Opens a TCP connection, hands it to `talk` and closes it when `finish` is called, the deadline passes, the peer ends it
 * or the signal is aborted. Never rejects; what `talk` and its listener throw ends the connection too.
 */
export function withConnection(
  route: Route,
  talk: (connection: Connection) => void,
  interpret: Interpret = () => null,
): Promise<Look> {
  return new Promise((resolve) => new Attempt(route, talk, interpret, resolve).start());
}

/** One connection from its opening to its look. An object rather than closures: there are thousands of these a second. */
class Attempt {
  readonly #route: Route;
  readonly #talk: (connection: Connection) => void;
  readonly #interpret: Interpret;
  readonly #resolve: (look: Look) => void;
  readonly #timer: NodeJS.Timeout;
  #aborts: Set<Abortable> | undefined;
  #socket: Socket | undefined;
  #covering: Socket | undefined;
  #isConnected = false;
  #isFinished = false;
  #hear: (chunk: Uint8Array) => void = () => undefined;

  constructor(
    route: Route,
    talk: (connection: Connection) => void,
    interpret: Interpret,
    resolve: (look: Look) => void,
  ) {
    this.#route = route;
    this.#talk = talk;
    this.#interpret = interpret;
    this.#resolve = resolve;
    this.#timer = setTimeout(() => this.#cut('deadline'), Math.max(1, route.deadlineAt - performance.now()));
  }

  start(): void {
    if (this.#route.signal.aborted) return this.abort();
    this.#aborts = abortablesOf(this.#route.signal).add(this);
    this.#guard(() => {
      const socket = open(this.#route, (chunk) => this.#guard(() => this.#hear(chunk)));
      this.#socket = socket;
      socket.on('error', (error) => this.#finish(networkFailure(error)));
      socket.on('close', () => this.#cut('closed'));
      socket.once('connect', () => this.#connected(socket));
    });
  }

  abort(): void {
    this.#cut('deadline');
  }

  #connected(socket: Socket): void {
    if (isSelfConnected(socket, this.#route))
      return this.#finish(failure('refused', 'the connection met itself'));
    this.#isConnected = true;
    const listen: Connection['listen'] = (listener) => {
      this.#hear = listener;
      if (this.#route.isRaw !== true) socket.on('data', (chunk) => this.#guard(() => this.#hear(chunk)));
    };
    const cover = (over: Socket): void => void (this.#covering = over);
    const finish = (look: Look): void => this.#finish(look);
    this.#guard(() => this.#talk({ socket, stream: socket, listen, cover, finish }));
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#finish(networkFailure(error));
    }
  }

  #cut(event: 'closed' | 'deadline'): void {
    if (!this.#isFinished) this.#finish(this.#lookAtCut(event));
  }

  #lookAtCut(event: 'closed' | 'deadline'): Look {
    if (event === 'deadline' && !this.#isConnected)
      return failure('timeout', 'no answer to the connection request');
    const look = this.#interpret(event);
    if (look !== null) return look;
    return event === 'closed' ? { ...failure('closed', null), isTransient: true } : failure('silent', null);
  }

  #finish(look: Look): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    clearTimeout(this.#timer);
    this.#aborts?.delete(this);
    this.#covering?.destroy();
    this.#socket?.destroy();
    this.#resolve(look);
  }
}

interface Abortable {
  abort(): void;
}

const abortables = new WeakMap<AbortSignal, Set<Abortable>>();

/** Everything that ends with the signal. One listener for all: one for each would cost as much as the rest of a probe's bookkeeping. */
function abortablesOf(signal: AbortSignal): Set<Abortable> {
  const known = abortables.get(signal);
  if (known !== undefined) return known;
  const all = new Set<Abortable>();
  abortables.set(signal, all);
  signal.addEventListener('abort', () => all.forEach((one) => one.abort()), { once: true });
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

function open(route: Route, hear: (chunk: Uint8Array) => void): Socket {
  const callback = (size: number, buffer: Uint8Array): boolean => {
    hear(buffer.subarray(0, size));
    return true;
  };
  return connect({
    ...(route.isRaw === true ? { onread: { buffer: sharedBuffer, callback } } : {}),
    host: route.address,
    port: route.port,
    autoSelectFamily: false,
    noDelay: route.isRaw !== true, // a hello is one write
    ...(route.sourceAddress === null ? {} : { localAddress: route.sourceAddress }),
  });
}

/** A look that brought nothing. */
export function failure(outcome: Outcome, detail: string | null): Look {
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
export function networkFailure(error: unknown): Look {
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
