import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is done to one write: `fail` never reaches the database, `lie` is stored and answered by a broken connection. */
export type Fault = 'fail' | 'lie';

/** A proxy in front of the database that counts statements that change something, and breaks one of them. */
export class FaultyDoor {
  writes = 0;
  /** Number of the write that is broken, from 1; 0: none. */
  at = 0;
  fault: Fault = 'fail';
  readonly #server: Server;
  readonly #target: string;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, answer) => void this.#pass(incoming, answer));
  }

  /** Listens on a free port of loopback. */
  static async open(target: string): Promise<FaultyDoor> {
    const door = new FaultyDoor(target);
    door.#server.listen(0, '127.0.0.1');
    await once(door.#server, 'listening');
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Counts from the start again. */
  arm(fault: Fault, at: number): void {
    this.writes = 0;
    this.fault = fault;
    this.at = at;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const statement = `${decodeURIComponent((incoming.url ?? '').replaceAll('+', ' '))} ${body.toString('latin1', 0, 200)}`;
    const isWrite = /\b(INSERT INTO|CREATE|ALTER|DROP|BACKUP|RESTORE)\b/.test(statement);
    if (isWrite) this.writes += 1;
    const isHit = isWrite && this.writes === this.at;
    if (isHit && this.fault === 'fail') {
      incoming.socket.resetAndDestroy();
      return;
    }
    const { method, headers, url } = incoming;
    const onward = request(`${this.#target}${url ?? '/'}`, { method, headers });
    onward.on('error', () => incoming.socket.destroy());
    onward.on('response', (response) => {
      if (isHit) {
        response.resume().on('end', () => incoming.socket.resetAndDestroy());
        return;
      }
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    onward.end(body);
  }
}
