import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy on loopback in front of a database, to take the database away: `pass` forwards, `down` resets every connection,
 * `cut` forwards what the client sends and resets when the first byte of the answer comes.
 */
export class Proxy {
  mode: 'pass' | 'down' | 'cut' = 'pass';
  /** Only requests that contain this are cut. */
  cutOnly = '';
  cuts = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a free port. `target` is asked for the database's port at every connection. */
  static async open(target: () => Promise<number>): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server);
    server.on('connection', (client) => {
      void target().then((port) => proxy.#forward(client, port));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resets every connection there is. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.reset();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(client: Socket, port: number): void {
    if (this.mode === 'down') {
      client.resetAndDestroy();
      return;
    }
    const database = connect(port, '127.0.0.1');
    let request = '';
    for (const socket of [client, database]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on('data', (piece) => {
      if (this.mode === 'down') client.resetAndDestroy();
      else request = (request + piece.toString('latin1')).slice(-100_000);
      database.write(piece);
    });
    database.on('data', (piece) => {
      const cut = this.mode === 'cut' && request.includes(this.cutOnly);
      request = '';
      if (cut) {
        this.cuts += 1;
        client.resetAndDestroy();
      } else client.write(piece);
    });
  }
}
