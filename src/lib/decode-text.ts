import { isUtf8 } from 'node:buffer';

/**
 * Bytes as text: UTF-8 or UTF-16 in either order, with or without a byte order mark, as Windows editors and PowerShell write them.
 * null for bytes that are no text. What is no UTF-8 is read as Latin-1, so that no octet is lost.
 */
export function decodeText(bytes: Uint8Array): string | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const order = utf16Order(buffer);
  if (order !== null) return utf16(buffer, order);
  if (buffer.includes(0)) return null;
  return withoutMark(isUtf8(buffer) ? buffer.toString('utf8') : buffer.toString('latin1'));
}

/** Byte order of UTF-16; null for other encodings. Without a mark: when of the first characters all are ASCII in that order. */
export function utf16Order(bytes: Uint8Array): 'little' | 'big' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'little';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'big';
  const head = bytes.subarray(0, 16);
  if (head.length < 4) return null;
  const isAscii = (first: number): boolean =>
    head.every((octet, index) => (index % 2 === first ? octet >= 9 && octet < 0x7f : octet === 0));
  if (isAscii(0)) return 'little';
  return isAscii(1) ? 'big' : null;
}

function utf16(buffer: Buffer, order: 'little' | 'big'): string {
  const even = buffer.subarray(0, buffer.length - (buffer.length % 2));
  const little = order === 'little' ? even : Buffer.from(even).swap16();
  return withoutMark(little.toString('utf16le'));
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** The text of a stream of bytes, decoded as {@link decodeText} would, a chunk at a time. */
export async function* textChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(labels[utf16Order(chunk) ?? 'none']);
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder !== null) yield decoder.decode();
}

const labels = { little: 'utf-16le', big: 'utf-16be', none: 'utf-8' } as const;

/** The lines of a stream of bytes, decoded as {@link textChunks} does, without their ends (LF, CRLF or CR). */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  let rest = '';
  for await (const chunk of textChunks(chunks)) {
    // A CR at the end may be the first half of a line end.
    const parts = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop() ?? '';
    yield* parts;
  }
  rest = rest.replace(/\r$/, '');
  if (rest !== '') yield rest;
}
