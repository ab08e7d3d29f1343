import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Who has a connection at the moment. */
export interface ConnectionUser {
  /** Bytes that came; only valid during the call. */
  data(bytes: Buffer): void;
  /** The connection ended: by itself (null), or by an error. */
  ended(error: Error | null): void;
}

/** Room for what one read brings; each connection has its own. */
const readBytes = 64 * 1024;

/** One connection to an origin. Reads into the same memory again and again, and hands on what is there as it comes. */
export class Connection {
  readonly origin: string;
  /** It has carried an answer before. */
  reused = false;
  private readonly socket: Socket;
  private user: ConnectionUser | null = null;
  private idle: NodeJS.Timeout | undefined;

  /** TLS is verified as usual. */
  constructor(url: URL) {
    this.origin = url.origin;
    const onread = {
      buffer: Buffer.allocUnsafeSlow(readBytes),
      callback: (length: number, bytes: Uint8Array): boolean => {
        this.take(Buffer.from(bytes.buffer, bytes.byteOffset, length));
        return true;
      },
    };
    const isSecure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const address = { host, port: Number(url.port || (isSecure ? 443 : 80)), onread };
    const servername = isIP(host) === 0 ? host : '';
    this.socket = isSecure
      ? connectTls({ ...address, servername, ALPNProtocols: ['http/1.1'] })
      : connect(address);
    this.socket.setNoDelay(true);
    this.socket.on('error', (error) => this.ended(error));
    this.socket.on('end', () => this.ended(null));
    this.socket.on('close', () => this.ended(null));
  }

  /** Hands the connection to a user; `established` hears when it stands, unless it does already. */
  use(user: ConnectionUser, established: () => void): void {
    clearTimeout(this.idle);
    this.socket.ref();
    this.user = user;
    if (this.socket.connecting || this.socket.pending)
      this.socket.once(this.origin.startsWith('https:') ? 'secureConnect' : 'connect', established);
    else established();
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Waits for the next user for so long; `gone` hears when the connection ended meanwhile. */
  rest(ms: number, gone: () => void): void {
    this.reused = true;
    this.user = { data: () => this.destroy(), ended: gone };
    this.socket.unref();
    this.idle = setTimeout(() => this.destroy(), ms).unref();
  }

  destroy(): void {
    this.socket.destroy();
    this.ended(null);
  }

  private take(bytes: Buffer): void {
    this.user?.data(bytes);
  }

  private ended(error: Error | null): void {
    clearTimeout(this.idle);
    const { user } = this;
    this.user = null;
    user?.ended(error);
  }
}

/** Idle connections by origin. How many there are is decided by who asks: a host's budget. */
export class ConnectionPool {
  private readonly idle = new Map<string, Connection[]>();

  /** The idle connection used last, or a new one. */
  take(url: URL): Connection {
    return this.idle.get(url.origin)?.pop() ?? new Connection(url);
  }

  /** Keeps a connection for the next request. */
  keep(connection: Connection, ms: number): void {
    const { origin } = connection;
    const others = this.idle.get(origin) ?? [];
    this.idle.set(origin, [...others, connection]);
    connection.rest(ms, () =>
      this.idle.set(
        origin,
        (this.idle.get(origin) ?? []).filter((other) => other !== connection),
      ),
    );
  }

  close(): void {
    for (const connections of [...this.idle.values()])
      for (const connection of connections) connection.destroy();
  }
}
