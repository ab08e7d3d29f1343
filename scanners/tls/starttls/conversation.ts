import type { Duplex } from 'node:stream';
import { ByteQueue } from '../wire/byte-queue.js';

/** The server does not offer the upgrade, or declines it; the message says how, bytes of the server as Latin-1. */
export class RefusedError extends Error {}

/** The peer of a dialogue. */
export interface Party {
  /** The host asked for, a name or an address. */
  readonly host: string;
  /** Our own address on this connection. */
  readonly localAddress: string;
}

/** A dialogue that ends where TLS may begin; throws {@link RefusedError} when the server will not. */
export type Dialogue = (conversation: Conversation, party: Party) => Promise<void>;

/** Most bytes a server may say before TLS. */
const maxBytes = 65_536;

/** A dialogue in plain text or bytes over an open connection, one question at a time. */
export class Conversation {
  readonly #stream: Duplex;
  readonly #received = new ByteQueue();
  #total = 0;
  #last = '';
  #wake: () => void = () => undefined;
  readonly #listen = (chunk: Buffer): void => {
    this.#total += chunk.length;
    if (this.#total <= maxBytes) this.#received.push(chunk);
    this.#wake();
  };

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', this.#listen);
  }

  send(text: string | Uint8Array): void {
    this.#stream.write(text);
  }

  /** The next line, without its end; bytes as Latin-1. Never settles when the connection ends first: its owner sees that. */
  async line(): Promise<string> {
    const found = await this.until((bytes) => bytes.indexOf('\n') + 1);
    return found.toString('latin1').replace(/\r?\n$/, '');
  }

  /** Exactly `size` bytes. */
  bytes(size: number): Promise<Buffer> {
    return this.until((bytes) => (bytes.length >= size ? size : 0));
  }

  /** As many bytes as `measure` counts once it counts any. */
  async until(measure: (bytes: Buffer) => number): Promise<Buffer> {
    for (;;) {
      const size = measure(this.#received.peek(maxBytes));
      if (size > 0) {
        const taken = Buffer.from(this.#received.take(size));
        this.#last = taken.toString('latin1');
        return taken;
      }
      if (this.#total > maxBytes) throw new RefusedError(`more than ${maxBytes} bytes before TLS`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** What the server said last, whole or not, as Latin-1; empty when it said nothing. */
  lastWords(): string {
    const unread = this.#received.peek(maxBytes).toString('latin1');
    return (unread === '' ? this.#last : unread).trim();
  }

  /** Leaves the connection to TLS. What a server has said beyond its consent might be injected: it is refused. */
  release(): void {
    this.#stream.off('data', this.#listen);
    if (this.#received.length > 0) throw new RefusedError('plain text after the consent to TLS');
  }
}
