import { DerError } from '../read/der.js';

const maxDepth = 40;
const constructedOctetString = 0x24;

interface Element {
  /** The element in definite lengths; the very bytes given where nothing in it had to be changed. */
  readonly bytes: Buffer;
  /** Offset behind it in the bytes given. */
  readonly end: number;
  /** Where its contents begin in `bytes`. */
  readonly contentStart: number;
  readonly changed: boolean;
}

/**
 * BER as PKCS #7 and PKCS #12 files have it (X.690 section 8.1.3.6): indefinite lengths become definite, octet strings in pieces become
 * whole. An element that has neither is left byte for byte as it is, so that certificates keep their hash. Throws DerError.
 */
export function toDefinite(bytes: Buffer): Buffer {
  return convert(bytes, 0, bytes.length, 0).bytes;
}

function convert(bytes: Buffer, start: number, limit: number, depth: number): Element {
  if (depth > maxDepth) throw new DerError('nested too deep', start);
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined || start + 2 > limit)
    throw new DerError('element is cut off', start);
  if ((tag & 0x1f) === 0x1f) throw new DerError('tag number above 30', start);
  if (first === 0x80) return convertIndefinite(bytes, tag, start, limit, depth);
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 4) throw new DerError('length of more than four octets', start);
  const contentStart = start + 2 + octets;
  const length = octets === 0 ? first : bytes.readUIntBE(start + 2, octets);
  const end = contentStart + length;
  if (end > limit) throw new DerError('element is longer than what holds it', start);
  const whole = bytes.subarray(start, end);
  const asIs = { bytes: whole, end, contentStart: contentStart - start, changed: false };
  if ((tag & 0x20) === 0) return asIs;
  const inner: Element[] = [];
  for (let at = contentStart; at < end;) {
    const child = convert(bytes, at, end, depth + 1);
    inner.push(child);
    at = child.end;
  }
  if (tag !== constructedOctetString && !inner.some(({ changed }) => changed)) return asIs;
  return assemble(tag, inner, end);
}

function convertIndefinite(bytes: Buffer, tag: number, start: number, limit: number, depth: number): Element {
  if ((tag & 0x20) === 0) throw new DerError('indefinite length of a primitive element', start);
  const inner: Element[] = [];
  let at = start + 2;
  while (!(bytes[at] === 0 && bytes[at + 1] === 0)) {
    if (at + 2 > limit) throw new DerError('indefinite length without an end', start);
    const child = convert(bytes, at, limit, depth + 1);
    inner.push(child);
    at = child.end;
  }
  return assemble(tag, inner, at + 2);
}

function assemble(tag: number, inner: readonly Element[], end: number): Element {
  const isString = tag === constructedOctetString;
  const content = Buffer.concat(
    inner.map(({ bytes, contentStart }) => (isString ? bytes.subarray(contentStart) : bytes)),
  );
  const header = headerOf(isString ? 0x04 : tag, content.length);
  return { bytes: Buffer.concat([header, content]), end, contentStart: header.length, changed: true };
}

function headerOf(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  const hex = length.toString(16);
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | octets.length]), octets]);
}
