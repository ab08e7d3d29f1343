import type { Duplex } from 'node:stream';
import { ByteQueue } from '../wire/byte-queue.js';

/** The server does not offer the upgrade, or declines it; the message says how. */
export class RefusedError extends Error {}

/** Most bytes a server may say before TLS. */
const maxBytes = 65_536;

/** A dialogue in plain text or bytes over an open connection, one question at a time. */
export class Conversation {
  readonly #stream: Duplex;
  readonly #received = new ByteQueue();
  #total = 0;
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

  /** The next line, without its end; bytes as Latin-1. Pending for ever when the connection ends: its owner knows. */
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
      if (size > 0) return Buffer.from(this.#received.take(size));
      if (this.#total > maxBytes) throw new RefusedError(`more than ${maxBytes} bytes before TLS`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Leaves the connection to TLS. What a server has said beyond its consent might be injected: it is refused. */
  release(): void {
    this.#stream.off('data', this.#listen);
    if (this.#received.length > 0) throw new RefusedError('plain text after the consent to TLS');
  }
}
