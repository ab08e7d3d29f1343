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
}

/** An open connection in the hands of a conversation. The conversation ends it by `finish`, once. */
export interface Connection {
  readonly socket: Socket;
  /** Where TLS goes: the socket itself, or what a protocol wraps around it. */
  readonly stream: Duplex;
  /** A TLS socket laid over `stream`: closed before it. In the other order Node 20 crashes inside its handshake callbacks. */
  cover(socket: Socket): void;
  finish(look: Look): void;
}

/**
 * Opens a TCP connection, hands it to `talk` and closes it when `finish` is called, the deadline passes, the peer ends it
 * or the signal is aborted. `interpret` gives the look when the peer closes or the time is over after the connection stood;
 * null there means `closed` or `silent`. Never rejects.
 */
export function withConnection(
  route: Route,
  talk: (connection: Connection) => void,
  interpret: (event: 'closed' | 'deadline') => Look | null = () => null,
): Promise<Look> {
  return new Promise((resolve) => {
    let isOver = false;
    let isConnected = false;
    let socket: Socket | undefined;
    let covering: Socket | undefined;
    function finish(look: Look): void {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      route.signal.removeEventListener('abort', abort);
      covering?.destroy();
      socket?.destroy();
      resolve(look);
    }
    function expire(): void {
      if (isConnected) finish(interpret('deadline') ?? failure('silent', null));
      else finish(failure('timeout', 'no answer to the connection request'));
    }
    function abort(): void {
      finish(failure(isConnected ? 'silent' : 'timeout', 'the scan was stopped'));
    }
    const timer = setTimeout(expire, Math.max(1, route.deadlineAt - performance.now()));
    if (route.signal.aborted) return abort();
    route.signal.addEventListener('abort', abort);
    try {
      socket = open(route);
      socket.on('error', (error) => finish(networkFailure(error)));
      socket.on('close', () =>
        finish(interpret('closed') ?? { ...failure('closed', null), isTransient: true }),
      );
      socket.once('connect', () => {
        isConnected = true;
        if (socket !== undefined)
          talk({ socket, stream: socket, finish, cover: (over) => (covering = over) });
      });
    } catch (error) {
      finish(networkFailure(error));
    }
  });
}

function open(route: Route): Socket {
  return connect({
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
