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
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => finish(cut('deadline')),
      Math.max(1, route.deadlineAt - performance.now()),
    );
    const abort = (): void => finish(cut('deadline'));
    let isConnected = false;
    let covering: Socket | undefined;
    let hear: (chunk: Uint8Array) => void = () => undefined;
    const finish = (look: Look): void => {
      clearTimeout(timer);
      route.signal.removeEventListener('abort', abort);
      covering?.destroy();
      socket?.destroy();
      resolve(look);
    };
    const cut = (event: 'closed' | 'deadline'): Look => {
      if (event === 'closed') return interpret(event) ?? { ...failure('closed', null), isTransient: true };
      if (!isConnected) return failure('timeout', 'no answer to the connection request');
      return interpret(event) ?? failure('silent', null);
    };
    const guard = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        finish(networkFailure(error));
      }
    };
    let socket: Socket | undefined;
    if (route.signal.aborted) return abort();
    route.signal.addEventListener('abort', abort);
    guard(() => {
      const opened = open(route, (chunk) => guard(() => hear(chunk)));
      socket = opened;
      opened.on('error', (error) => finish(networkFailure(error)));
      opened.on('close', () => finish(cut('closed')));
      opened.once('connect', () => {
        if (isSelfConnected(opened, route)) return finish(failure('refused', 'the connection met itself'));
        isConnected = true;
        const listen: Connection['listen'] = (listener) =>
          route.isRaw === true
            ? (hear = listener)
            : opened.on('data', (chunk: Buffer) => guard(() => listener(chunk)));
        const cover: Connection['cover'] = (over) => (covering = over);
        guard(() => talk({ socket: opened, stream: opened, listen, cover, finish }));
      });
    });
  });
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
    noDelay: true,
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
