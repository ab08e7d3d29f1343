/** Types of records that are asked for (RFC 1035, 3596, 8659, 9460). */
export const recordTypes = { A: 1, NS: 2, CNAME: 5, AAAA: 28, HTTPS: 65, CAA: 257 } as const;

/** One of {@link recordTypes}. */
export type RecordType = (typeof recordTypes)[keyof typeof recordTypes];

/** One record of an answer. Names are lower-case text without a final dot; octets that are no name characters are `\DDD`. */
export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  /** The whole message, into which names in the data may point. */
  readonly message: Buffer;
  readonly start: number;
  readonly end: number;
}

/** An answer, decoded as far as this scanner needs it. */
export interface DnsMessage {
  readonly rcode: number;
  /** The resolver says that DNSSEC proved it (AD, RFC 4035 section 3.2.3). */
  readonly authenticated: boolean;
  readonly truncated: boolean;
  readonly answers: readonly DnsRecord[];
}

/** Bytes that are no answer to the question that was asked. */
export class DnsFormatError extends Error {
  override readonly name = 'DnsFormatError';
}

const maxRecords = 500;
const maxJumps = 64;

/** A question with RD and AD set (RFC 6840 section 5.7) and room for 1,232 octets (RFC 9715). Throws for what is no name. */
export function encodeQuestion(id: number, name: string, type: RecordType): Buffer {
  const header = Buffer.from([id >> 8, id & 255, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1]);
  const options = Buffer.from([0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, encodeName(name), Buffer.from([type >> 8, type & 255, 0, 1]), options]);
}

/** Labels of 1 to 63 octets, 255 octets in all. */
export function encodeName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.');
  const bytes = Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);
  if (labels.some((label) => label.length === 0 || label.length > 63) || bytes.length > 255)
    throw new DnsFormatError(`${JSON.stringify(name)} is no domain name`);
  return bytes;
}

/** Reads the answer to a question. Throws {@link DnsFormatError} when it is malformed, or to another question. */
export function decodeAnswer(message: Buffer, id: number, name: string, type: RecordType): DnsMessage {
  if (message.length < 12) throw new DnsFormatError('shorter than a header');
  const flags = message.readUInt16BE(2);
  if (message.readUInt16BE(0) !== id || (flags & 0x8000) === 0) throw new DnsFormatError('not the answer');
  if (message.readUInt16BE(4) !== 1) throw new DnsFormatError('not one question');
  const asked = readName(message, 12);
  if (
    asked.text !== name.toLowerCase() ||
    message.length < asked.end + 4 ||
    message.readUInt16BE(asked.end) !== type
  )
    throw new DnsFormatError('the answer to another question');
  const count = message.readUInt16BE(6);
  if (count > maxRecords) throw new DnsFormatError(`${count} records`);
  const truncated = (flags & 0x0200) !== 0;
  const answers = truncated ? [] : readRecords(message, asked.end + 4, count);
  return { rcode: flags & 15, authenticated: (flags & 0x20) !== 0, truncated, answers };
}

function readRecords(message: Buffer, from: number, count: number): DnsRecord[] {
  const records: DnsRecord[] = [];
  let at = from;
  for (let index = 0; index < count; index += 1) {
    const owner = readName(message, at);
    const start = owner.end + 10;
    if (start > message.length) throw new DnsFormatError('a record cut short');
    const end = start + message.readUInt16BE(owner.end + 8);
    if (end > message.length) throw new DnsFormatError('a record cut short');
    records.push({ name: owner.text, type: message.readUInt16BE(owner.end), message, start, end });
    at = end;
  }
  return records;
}

/** A name at `start`; pointers lead backwards only (RFC 1035 section 4.1.4). */
export function readName(message: Buffer, start: number): { readonly text: string; readonly end: number } {
  const labels: string[] = [];
  let end = -1;
  let octets = 0;
  for (let at = start, jumps = 0; ;) {
    const length = message[at];
    if (length === undefined) throw new DnsFormatError('a name cut short');
    if (length >= 0xc0) {
      const target = ((length & 0x3f) << 8) | (message[at + 1] ?? 0);
      if (end < 0) end = at + 2;
      if (target >= at || (jumps += 1) > maxJumps)
        throw new DnsFormatError('a name that goes round in a circle');
      at = target;
      continue;
    }
    if (length > 63) throw new DnsFormatError('an unknown kind of label');
    if (length === 0) return { text: labels.join('.'), end: end < 0 ? at + 1 : end };
    octets += length + 1;
    if (octets > 255 || at + 1 + length > message.length) throw new DnsFormatError('a name too long');
    labels.push(labelText(message.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
}

function labelText(label: Buffer): string {
  return label
    .toString('latin1')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_*-]/g, (one) => `\\${String(one.charCodeAt(0)).padStart(3, '0')}`);
}
