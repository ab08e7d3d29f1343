import { Duplex } from 'node:stream';
import { ByteQueue } from '../wire/byte-queue.js';
import { RefusedError, type Conversation, type Dialogue } from './conversation.js';

/** Packet types of [MS-TDS] section 2.2.3.1.1. */
const prelogin = 0x12;
const tabularResult = 0x04;
const headerSize = 8;

/** One packet: type, status "end of message", length, SPID 0, packet number, window 0. */
function packet(type: number, body: Uint8Array): Buffer {
  const size = headerSize + body.length;
  return Buffer.concat([Buffer.of(type, 1, size >> 8, size & 255, 0, 0, 1, 0), body]);
}

/** VERSION, ENCRYPTION = ENCRYPT_ON, terminator ([MS-TDS] section 2.2.6.5): offsets and lengths, then the values. */
const request = Buffer.from('00000b0006' + '0100110001' + 'ff' + '110000010000' + '01', 'hex');

/** [MS-TDS] PRELOGIN; the handshake that follows travels inside further PRELOGIN packets, see {@link TdsStream}. */
export const mssql: Dialogue = async (conversation) => {
  conversation.send(packet(prelogin, request));
  const answer = await message(conversation);
  if (answer[0] === errorToken) throw new RefusedError(errorText(answer));
  const encryption = encryptionOption(answer);
  if (encryption === undefined) throw new RefusedError('the answer names no encryption');
  if (encryption === 2) throw new RefusedError('ENCRYPT_NOT_SUP');
};

/** The body of one message, which may come in several packets; the last has the status bit "end of message". */
async function message(conversation: Conversation): Promise<Buffer> {
  const bodies: Buffer[] = [];
  for (;;) {
    const header = await conversation.bytes(headerSize);
    const size = header.readUInt16BE(2) - headerSize;
    if (header[0] !== tabularResult || size < 1) throw new RefusedError('the answer is not that of TDS');
    bodies.push(await conversation.bytes(size));
    if ((header.readUInt8(1) & 1) === 1) return Buffer.concat(bodies);
  }
}

const errorToken = 0xaa;

/** ERROR token ([MS-TDS] section 2.2.7.10): length, number, state, class, then the text, its length in UTF-16 units. */
function errorText(token: Buffer): string {
  if (token.length < 11) return 'the server answered an error';
  const text = token.subarray(11, 11 + token.readUInt16LE(9) * 2).toString('utf16le');
  return `error ${token.readUInt32LE(3)}: ${text}`;
}

function encryptionOption(options: Buffer): number | undefined {
  for (let at = 0; at + 5 <= options.length && options[at] !== 0xff; at += 5)
    if (options[at] === 1) return options[options.readUInt16BE(at + 1)];
  return undefined;
}

/** Wraps what is written into PRELOGIN packets and unwraps what comes, for the time of the TLS handshake. */
export class TdsStream extends Duplex {
  readonly #inner: Duplex;
  readonly #received = new ByteQueue();

  constructor(inner: Duplex) {
    super();
    this.#inner = inner;
    inner.on('data', (chunk: Buffer) => this.#unwrap(chunk));
    inner.once('end', () => this.push(null));
    inner.once('close', () => this.destroy());
    this.on('error', () => inner.destroy());
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const packets: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += 4088)
      packets.push(packet(prelogin, chunk.subarray(at, at + 4088)));
    this.#inner.write(Buffer.concat(packets), done);
  }

  override _read(): void {
    // Pushed as it comes: a probe reads everything, and its byte limits bound what is kept.
  }

  #unwrap(chunk: Buffer): void {
    this.#received.push(chunk);
    for (;;) {
      const header = this.#received.peek(headerSize);
      if (header.length < headerSize) return;
      const size = header.readUInt16BE(2);
      // A server may go over to bare TLS; a TLS record's type is no packet type.
      if ((header[0] !== prelogin && header[0] !== tabularResult) || size < headerSize) {
        this.push(Buffer.from(this.#received.take(this.#received.length)));
        return;
      }
      if (this.#received.length < size) return;
      this.push(Buffer.from(this.#received.take(size).subarray(headerSize)));
    }
  }
}
