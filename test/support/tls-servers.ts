import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Issued } from './pki.js';

/** A server of a test, on loopback. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  /** `host:port`, with brackets for IPv6: a target expression. */
  readonly target: string;
  /** Connections accepted until now. */
  connections(): number;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/** Where to listen: any loopback address, and others beside it at the same port; port 0 takes a free one. */
export interface Listen {
  readonly host?: string;
  readonly hosts?: readonly string[];
  readonly port?: number;
}

/** So many IPv4 addresses from `first` on, which stands in 127.0.0.0/8. */
export function loopback(first: string, count: number): readonly string[] {
  const [, b = 0, c = 0, d = 0] = first.split('.').map(Number);
  const start = (b << 16) + (c << 8) + d;
  return Array.from({ length: count }, (_, index) => {
    const at = start + index;
    return `127.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
  });
}

/** A TCP server in the hands of `serve`; errors of its connections are expected and ignored. */
export function rawServer(serve: (socket: Socket) => void, listen: Listen = {}): Promise<TestServer> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  return started(server, listen);
}

/** Cuts a connection by RST at once; `resetAndDestroy` sends FIN before it. */
export function reset(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true }).destroy();
}

/** What a good TLS server shows and demands. */
export interface TlsServerOptions extends Listen {
  readonly certificate: Issued;
  /** Sent after the leaf, in this order. */
  readonly chain?: readonly Issued[];
  /** Anything of node:tls: minVersion, ciphers, requestCert, ALPNProtocols ... */
  readonly tls?: TlsOptions;
  /** Stapled OCSP response, sent to clients that ask. */
  readonly ocspResponse?: Buffer;
  /** A plain-text dialogue that comes before TLS; resolves when TLS may begin. */
  readonly before?: (socket: Socket) => Promise<void>;
  /** What TLS travels in after that dialogue; default the socket itself. */
  readonly wrap?: (socket: Socket) => Duplex;
}

/** A TLS server of node:tls that closes each connection once the client does. */
export async function tlsServer(options: TlsServerOptions): Promise<TestServer> {
  const { certificate, chain = [], ocspResponse, before, wrap = (socket: Socket) => socket } = options;
  const server = createTlsServer({
    key: certificate.keyPem,
    cert: [certificate, ...chain].map(({ pem }) => pem).join(''),
    ...options.tls,
  });
  server.on('secureConnection', (socket) => socket.on('error', () => socket.destroy()).resume());
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  if (ocspResponse !== undefined)
    server.on('OCSPRequest', (_leaf, _issuer, done: (error: null, response: Buffer) => void) =>
      done(null, ocspResponse),
    );
  if (before === undefined) return started(server, options);
  return rawServer((socket) => {
    before(socket).then(
      () => server.emit('connection', wrap(socket)),
      () => socket.destroy(),
    );
  }, options);
}

/** A port of `host` at which nothing listens. */
export async function closedPort(
  host = '127.0.0.1',
): Promise<{ readonly port: number; readonly target: string }> {
  const server = await rawServer((socket) => socket.destroy(), { host });
  await server.close();
  return { port: server.port, target: server.target };
}

/** Replaces what a server shows to new connections. */
export interface SwitchableServer extends TestServer {
  show(certificate: Issued, chain?: readonly Issued[]): void;
}

/** A TLS server whose certificate can be replaced while it runs. */
export async function switchableServer(options: TlsServerOptions): Promise<SwitchableServer> {
  const context = (certificate: Issued, chain: readonly Issued[] = []): TlsOptions => ({
    key: certificate.keyPem,
    cert: [certificate, ...chain].map(({ pem }) => pem).join(''),
    ...options.tls,
  });
  const server = createTlsServer(context(options.certificate, options.chain));
  server.on('secureConnection', (socket) => socket.on('error', () => socket.destroy()).resume());
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const running = await started(server, options);
  return { ...running, show: (certificate, chain) => server.setSecureContext(context(certificate, chain)) };
}

async function started(
  server: Server,
  { host = '127.0.0.1', hosts = [], port = 0 }: Listen,
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const bound = await listening(server, host, port);
  const others = hosts.filter((other) => other !== host);
  const doors = others.map(() => createServer((socket) => server.emit('connection', socket)));
  await Promise.all(doors.map((door, index) => listening(door, others[index] ?? host, bound)));
  return {
    host,
    port: bound,
    target: host.includes(':') ? `[${host}]:${bound}` : `${host}:${bound}`,
    connections: () => accepted,
    async close() {
      const closed = [server, ...doors].map((one) => once(one, 'close'));
      for (const one of [server, ...doors]) one.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

async function listening(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port, backlog: 4096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
