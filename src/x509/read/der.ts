/**
 * Reads DER (X.690) strictly, one element at a time: definite, minimal lengths that fit their parent, single-octet tags.
 * Nothing is copied and nothing recurses: an element is four numbers, and depth is the caller's to bound.
 */

/** Tag octets met in certificates, CRLs and OCSP responses. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of a context-specific tag. */
export function contextTag(number: number, constructed: boolean): number {
  return (constructed ? 0xa0 : 0x80) | number;
}

/** Bytes that are not the DER that was expected; the only error this folder's readers throw. */
export class DerError extends Error {
  override readonly name = 'DerError';
  /** Where in the bytes given, counted from their start. */
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(`${message} at offset ${offset}`);
    this.offset = offset;
  }
}

/** Where one element stands in its bytes. */
export interface DerElement {
  /** The identifier octet, class and constructed bit included. */
  readonly tag: number;
  /** Offset of the identifier octet. */
  readonly start: number;
  readonly contentStart: number;
  /** Offset just behind the contents. */
  readonly end: number;
}

/** Reads the element at `offset`, which must end at or before `end`. Throws DerError. */
export function readElement(bytes: Uint8Array, offset: number, end = bytes.length): DerElement {
  if (offset + 2 > end) throw new DerError('element is cut off', offset);
  const tag = bytes[offset] ?? 0;
  if ((tag & 0x1f) === 0x1f) throw new DerError('tag number above 30', offset);
  const first = bytes[offset + 1] ?? 0;
  if (first < 0x80) return bounded(tag, offset, offset + 2, first, end);
  const count = first & 0x7f;
  if (count === 0) throw new DerError('indefinite length', offset);
  if (count > 4) throw new DerError('length of more than four octets', offset);
  const contentStart = offset + 2 + count;
  if (contentStart > end) throw new DerError('length is cut off', offset);
  let length = 0;
  for (let at = offset + 2; at < contentStart; at += 1) length = length * 256 + (bytes[at] ?? 0);
  if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError('length is not minimal', offset);
  return bounded(tag, offset, contentStart, length, end);
}

function bounded(tag: number, start: number, contentStart: number, length: number, end: number): DerElement {
  if (contentStart + length > end) throw new DerError('element is longer than what holds it', start);
  return { tag, start, contentStart, end: contentStart + length };
}

/** Reads the element at `offset` and insists on its tag. Throws DerError. */
export function expectElement(
  bytes: Uint8Array,
  tag: number,
  offset: number,
  end = bytes.length,
): DerElement {
  const element = readElement(bytes, offset, end);
  if (element.tag !== tag)
    throw new DerError(`expected tag ${hexTag(tag)}, got ${hexTag(element.tag)}`, offset);
  return element;
}

function hexTag(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}

/** Reads one element that is all of `bytes`. Throws DerError, also for trailing bytes. */
export function readWhole(bytes: Uint8Array, tag: number): DerElement {
  const element = expectElement(bytes, tag, 0);
  if (element.end !== bytes.length) throw new DerError('trailing bytes', element.end);
  return element;
}

/** The elements directly inside a constructed one, in order; walks as far as it is iterated. Throws DerError. */
export function* children(bytes: Uint8Array, parent: DerElement): Generator<DerElement, void, undefined> {
  if ((parent.tag & 0x20) === 0) throw new DerError('a primitive element has no children', parent.start);
  let offset = parent.contentStart;
  while (offset < parent.end) {
    const child = readElement(bytes, offset, parent.end);
    yield child;
    offset = child.end;
  }
}

/** Contents of an element, as a view. */
export function contentOf(bytes: Uint8Array, element: DerElement): Uint8Array {
  return bytes.subarray(element.contentStart, element.end);
}

/** The whole element with tag and length, as a view. */
export function bytesOf(bytes: Uint8Array, element: DerElement): Uint8Array {
  return bytes.subarray(element.start, element.end);
}

/** OBJECT IDENTIFIER contents as dotted text, whatever the element's tag (it may be implicit). Throws DerError. */
export function readOid(bytes: Uint8Array, element: DerElement): string {
  const { contentStart, end } = element;
  if (contentStart === end) throw new DerError('empty object identifier', element.start);
  if (end - contentStart > 256)
    throw new DerError('object identifier of more than 256 octets', element.start);
  let text = '';
  let arc = 0;
  let arcStart = true;
  for (let at = contentStart; at < end; at += 1) {
    const octet = bytes[at] ?? 0;
    if (arcStart && octet === 0x80) throw new DerError('object identifier arc is not minimal', at);
    if (arc > 0x1_ffff_ffff_ffff / 64) throw new DerError('object identifier arc above 2^48', at);
    arc = arc * 128 + (octet & 0x7f);
    arcStart = octet < 0x80;
    if (!arcStart) continue;
    text += text === '' ? firstArcs(arc) : `.${arc}`;
    arc = 0;
  }
  if (!arcStart) throw new DerError('object identifier is cut off', element.start);
  return text;
}

function firstArcs(value: number): string {
  const first = Math.min(2, Math.floor(value / 40));
  return `${first}.${value - first * 40}`;
}

/** INTEGER contents as a signed number of any size, whatever the element's tag. Throws DerError when not minimal. */
export function readInteger(bytes: Uint8Array, element: DerElement): bigint {
  checkInteger(bytes, element);
  const content = contentOf(bytes, element);
  const magnitude = BigInt(`0x${Buffer.from(content).toString('hex')}`);
  return (content[0] ?? 0) < 0x80 ? magnitude : magnitude - (1n << BigInt(content.length * 8));
}

/** INTEGER or ENUMERATED contents that fit 31 bits. Throws DerError when they do not, or are negative. */
export function readSmallInteger(bytes: Uint8Array, element: DerElement): number {
  checkInteger(bytes, element);
  if (element.end - element.contentStart > 4 || (bytes[element.contentStart] ?? 0) >= 0x80)
    throw new DerError('integer is negative or above 31 bits', element.start);
  let value = 0;
  for (let at = element.contentStart; at < element.end; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

function checkInteger(bytes: Uint8Array, { start, contentStart, end }: DerElement): void {
  if (contentStart === end) throw new DerError('empty integer', start);
  const first = bytes[contentStart] ?? 0;
  const second = bytes[contentStart + 1] ?? 0;
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  if (end - contentStart > 1 && padded) throw new DerError('integer is not minimal', start);
}

/** INTEGER contents as unsigned lower-case hex without leading zeros, `0` for zero or empty; sign and minimality unchecked. */
export function integerHex(bytes: Uint8Array, element: DerElement): string {
  let from = element.contentStart;
  while (from < element.end - 1 && bytes[from] === 0) from += 1;
  const hex = Buffer.from(bytes.subarray(from, element.end)).toString('hex');
  return hex.replace(/^0(?=.)/, '') || '0';
}

/** BOOLEAN contents: 0x00 or 0xff, nothing else. Throws DerError. */
export function readBoolean(bytes: Uint8Array, element: DerElement): boolean {
  const value = bytes[element.contentStart];
  if (element.end - element.contentStart !== 1 || (value !== 0 && value !== 0xff))
    throw new DerError('boolean is neither 00 nor ff', element.start);
  return value === 0xff;
}

/** BIT STRING contents. Throws DerError for a wrong count of unused bits, or unused bits that are set. */
export function readBitString(
  bytes: Uint8Array,
  element: DerElement,
): { readonly unusedBits: number; readonly bits: Uint8Array } {
  const { start, contentStart, end } = element;
  const unusedBits = bytes[contentStart] ?? 0;
  if (contentStart === end || unusedBits > 7 || (end - contentStart === 1 && unusedBits > 0))
    throw new DerError('bit string with a wrong count of unused bits', start);
  if (((bytes[end - 1] ?? 0) & ((1 << unusedBits) - 1)) !== 0 && end - contentStart > 1)
    throw new DerError('bit string with unused bits set', start);
  return { unusedBits, bits: bytes.subarray(contentStart + 1, end) };
}
