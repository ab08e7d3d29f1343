import { once } from 'node:events';
import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { AnswerParser, type AnswerHandler } from './http-message.js';

/** Whoever has sent a request over a connection. */
export interface ConnectionUser extends AnswerHandler {
  /** The connection ended before the answer did; `heard` false: before a byte of it came. */
  failed(error: Error, heard: boolean): void;
}

/** What a connection tells the pool it belongs to. */
export interface ConnectionPool {
  /** The answer is read, and another request may be sent. */
  idle(connection: Connection): void;
  closed(connection: Connection): void;
}

/** The server took too long to let us in. */
export class ConnectTimeout extends Error {}

/** All sockets are read into this, one after the other: what is read is dealt with before anything else happens. */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);
/** Idle connections are kept beyond the longest usual wait between two looks at a tree head. */
const idleMs = 60_000;

/** One connection to one origin, over which one request at a time is sent and its answer read (HTTP/1.1); TLS is verified as usual. */
export class Connection {
  readonly origin: string;
  private readonly pool: ConnectionPool;
  private readonly socket: Socket;
  private user: ConnectionUser | null = null;
  private parser: AnswerParser | null = null;
  private heard = false;
  private used = false;
  private error: Error | null = null;

  constructor(url: URL, connectMs: number, pool: ConnectionPool) {
    this.origin = url.origin;
    this.pool = pool;
    this.socket = open(url, { buffer: readBuffer, callback: (count) => this.read(count) });
    this.socket.setNoDelay(true);
    const late = setTimeout(
      () => this.destroy(new ConnectTimeout(`no connection in ${connectMs} ms`)),
      connectMs,
    );
    this.socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(late));
    this.socket.on('error', (error) => (this.error ??= error));
    this.socket.on('timeout', () => this.socket.destroy());
    this.socket.once('close', () => {
      clearTimeout(late);
      this.closed();
    });
  }

  /** True when an answer came over it before. */
  get isUsed(): boolean {
    return this.used;
  }

  /** False when the server has closed it, or is about to. */
  get isOpen(): boolean {
    return this.socket.writable;
  }

  /** Sends a request; its answer goes to `user`. */
  send(request: string, user: ConnectionUser): void {
    this.socket.setTimeout(0);
    this.user = user;
    this.parser = new AnswerParser(user);
    this.heard = false;
    this.socket.write(request, 'latin1');
  }

  /** Ends it at once; resolves when it is closed. */
  async end(): Promise<void> {
    this.destroy(new Error('the client is closed'));
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  /** Ends it at once; whoever has sent a request hears of `error`. */
  destroy(error?: Error): void {
    if (error !== undefined) this.error ??= error;
    this.socket.destroy();
  }

  /** Nobody waits for the answer any more. */
  abandon(): void {
    this.user = null;
    this.socket.destroy();
  }

  private read(count: number): boolean {
    if (this.parser === null) this.socket.destroy();
    else {
      this.heard = true;
      try {
        this.parser.push(readBuffer.subarray(0, count));
        this.released();
      } catch (error) {
        this.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return true;
  }

  /** Lets go of an answer that is read to its end. */
  private released(): void {
    if (this.user === null || this.parser?.isComplete !== true) return;
    const { isReusable } = this.parser;
    this.user = null;
    this.parser = null;
    this.used = true;
    if (!isReusable) return void this.socket.destroy();
    this.socket.setTimeout(idleMs);
    this.pool.idle(this);
  }

  private closed(): void {
    this.pool.closed(this);
    const { user, parser } = this;
    this.user = null;
    if (user === null || parser === null) return;
    try {
      if (this.error === null) parser.close();
      else throw this.error;
    } catch (error) {
      user.failed(error instanceof Error ? error : new Error(String(error)), this.heard);
    }
  }
}

function open(url: URL, onread: OnReadOpts): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:') return connectTcp({ host, port: Number(url.port || 80), onread });
  // Loaded when it is needed: it takes a twentieth of a second.
  const tls = process.getBuiltinModule('node:tls');
  const name = isIP(host) === 0 ? { servername: host } : {};
  const options = { host, port: Number(url.port || 443), onread, ALPNProtocols: ['http/1.1'], ...name };
  return tls.connect(options);
}
