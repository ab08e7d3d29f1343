import { findNames, isDnsLike } from './names.js';

/**
 * Every DNS-like text in bytes that could not be read as they should: in ASCII, UTF-8, BMPString and UniversalString. The
 * octets around a name (its length before it, the next tag behind it) may look like letters, so such a name is given with
 * and without them: rather one name too many than one too few. With `skipUrls`, parts of URLs and of e-mail addresses are
 * left out, but for the domains of the latter. Linear in the bytes.
 */
export function rawNames(bytes: Uint8Array, { skipUrls = false } = {}): string[] {
  const found = new Set<string>();
  addRawNames(bytes, skipUrls, found);
  return [...found];
}

/** As {@link rawNames}, into a set: hundreds of thousands of names are gathered once. */
export function addRawNames(bytes: Uint8Array, skipUrls: boolean, found: Set<string>): void {
  searchAll(bytes, skipUrls, found);
  const joined = joinSegments(bytes);
  if (joined !== null) searchAll(joined, skipUrls, found);
}

function searchAll(bytes: Uint8Array, skipUrls: boolean, found: Set<string>): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const widths = buffer.includes(wideDot) ? [1, 2, 4] : [1];
  for (const width of widths) {
    // Few bytes repeat little, and there may be many such pieces.
    const met = buffer.length < 4096 ? null : new Int32Array(4096);
    for (let phase = 0; phase < width; phase += 1)
      for (const [start, end] of runs(buffer, width, phase))
        if ((!skipUrls || !isPartOfUrl(buffer, start, end)) && isNew(met, buffer, start, end))
          addRun(buffer, start, end, width, found);
  }
  addUnicodeNames(buffer, skipUrls, found);
}

/** What stands in every name of characters of two or four octets, whichever of them comes first. */
const wideDot = Buffer.from('\0.\0');

/**
 * Names of which some characters are not ASCII: in stretches of host name characters and octets of UTF-8 sequences, each with
 * the octet on either side. One longer than any name is searched in slices that overlap by more than a name.
 */
function addUnicodeNames(bytes: Buffer, skipUrls: boolean, found: Set<string>): void {
  let left = maxTextBytes;
  let start = 0;
  let hasSequence = false;
  let hasDot = false;
  for (let at = 0; at <= bytes.length; at += 1) {
    const octet = bytes[at] ?? 0;
    if (octet >= 0xc2) hasSequence = true;
    if (octet === 0x2e || isOtherDot(octet, bytes[at + 1] ?? 0)) hasDot = true;
    if (octet >= 0x80 || hostOctets[octet] === 1) continue;
    if (hasSequence && hasDot) left -= addSlices(bytes, start, at, left, skipUrls, found);
    start = at + 1;
    hasSequence = hasDot = false;
  }
}

/** Two octets that may begin one of the dots of IDNA: U+3002, U+FF0E and U+FF61. */
function isOtherDot(octet: number, next: number): boolean {
  return octet === 0xe3 ? next === 0x80 : octet === 0xef && (next === 0xbc || next === 0xbd);
}

/** Searches as much of [start, end) as `left` octets allow; says how many that took. */
function addSlices(
  bytes: Buffer,
  start: number,
  end: number,
  left: number,
  skipUrls: boolean,
  found: Set<string>,
): number {
  const limit = Math.min(end, start + left);
  for (let from = start; from < limit; from += sliceBytes - overlapBytes) {
    const text = bytes.toString('utf8', Math.max(from - 1, 0), Math.min(from + sliceBytes, limit + 1));
    for (const name of findNames(text, skipUrls)) found.add(name);
  }
  return Math.max(limit - start, 0);
}

/** Of more octets in names that are not ASCII only the ASCII parts are found: IDNA takes a second for some megabytes. */
const maxTextBytes = 1_000_000;

const sliceBytes = 16_384;
/** A name of 1,000 characters, as long as IDNA is asked for, in sequences of four octets. */
const overlapBytes = 4000;

/**
 * BER lets a string come in segments (X.690 section 8.21), of which each has a tag and a length of its own: the bytes without
 * those that stand directly between two characters. Null where there are none.
 */
function joinSegments(bytes: Uint8Array): Uint8Array | null {
  let joined: Uint8Array | null = null;
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const isHeader = segmentTags[bytes[at] ?? 0] === 1 && isBetweenSegments(bytes, at);
    if (isHeader && joined === null) joined = Uint8Array.from(bytes);
    if (isHeader) at += 1;
    else if (joined !== null) joined[length] = bytes[at] ?? 0;
    if (!isHeader) length += 1;
  }
  return joined?.subarray(0, length) ?? null;
}

/** OCTET STRING and every string type: what a segment may be tagged as. */
const segmentTags = new Uint8Array(256);
for (const tag of [0x04, 0x0c, 0x13, 0x14, 0x16, 0x1a, 0x1b, 0x1c, 0x1e]) segmentTags[tag] = 1;

/** A name's character before the tag; behind it a short length that fits, and a character, of whatever width. */
function isBetweenSegments(bytes: Uint8Array, at: number): boolean {
  const length = bytes[at + 1] ?? 0;
  const next = bytes[at + 2] ?? 0xff;
  return (
    at > 0 &&
    hostOctets[bytes[at - 1] ?? 0] === 1 &&
    length > 0 &&
    at + 2 + length <= bytes.length &&
    (next === 0 || hostOctets[next] === 1)
  );
}

/** False for a run that equals one met lately, with the octet before it: hostile bytes repeat one by the million. */
function isNew(met: Int32Array | null, bytes: Uint8Array, start: number, end: number): boolean {
  if (met === null) return true;
  const from = Math.max(start - 1, 0);
  let mixed = end - from;
  for (let at = from; at < end; at += 1) mixed = Math.imul(mixed, 31) + (bytes[at] ?? 0);
  const place = (Math.imul(mixed, 0x9e37_79b1) >>> 20) & ~1;
  const [knownFrom = 0, knownEnd = 0] = [met[place], met[place + 1]];
  met[place] = from;
  met[place + 1] = end;
  if (knownEnd - knownFrom !== end - from) return true;
  for (let at = from; at < end; at += 1) if (bytes[at] !== bytes[knownFrom + at - from]) return true;
  return false;
}

/** The shortest name: `a.bc`. */
const minNameLength = 4;

/** Start and end of runs of host name characters with a dot among them, each `width` octets wide (big endian). */
function* runs(bytes: Buffer, width: number, phase: number): Generator<[number, number], void, undefined> {
  let start = -1;
  let hasDot = false;
  for (let at = phase; at < bytes.length; at += width) {
    if (isHostCharacter(bytes, at, width)) {
      if (start < 0) start = at;
      if (bytes[at + width - 1] === 0x2e) hasDot = true;
    } else if (start >= 0) {
      if (hasDot && at - start >= minNameLength * width) yield [start, at];
      start = -1;
      hasDot = false;
    }
  }
  if (start >= 0 && hasDot) yield [start, bytes.length];
}

/** Or a mailbox before its `@`. A slash is also the length octet of a name of 47 characters. */
function isPartOfUrl(bytes: Uint8Array, start: number, end: number): boolean {
  return bytes[end] === 0x40 || (bytes[start - 1] === 0x2f && end - start !== 47);
}

function isHostCharacter(bytes: Uint8Array, at: number, width: number): boolean {
  if (at + width > bytes.length) return false;
  for (let index = 0; index < width - 1; index += 1) if (bytes[at + index] !== 0) return false;
  return hostOctets[bytes[at + width - 1] ?? 0] === 1;
}

const hostOctets = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*')
  hostOctets[character.charCodeAt(0)] = 1;

function addRun(bytes: Buffer, start: number, end: number, width: number, found: Set<string>): void {
  const octets = bytes.subarray(start, end);
  const plain = width === 1 ? octets : Buffer.from(octets.filter((_, at) => at % width === width - 1));
  const run = plain.toString('latin1');
  const length = (bytes[start - 1] ?? 0) / width;
  // In little endian a run begins behind the first character.
  const before = width > 1 && hostOctets[bytes[start - 1] ?? 0] === 1 ? [start - 1] : [];
  const littleEndian = before.map((at) => String.fromCharCode(bytes[at] ?? 0) + run);
  const names = labelGroups(run.toLowerCase());
  for (const name of names) found.add(name);
  for (const text of [...variants(run, length), ...littleEndian])
    for (const name of labelGroups(text.toLowerCase())) found.add(name);
  // Where no length fits, the tag and the length of what follows may be letters at the end.
  if (length === run.length || run.charCodeAt(0) === run.length - 1) return;
  for (const name of names)
    for (const count of [1, 2]) if (isNameWithout(name, count)) found.add(name.slice(0, -count));
}

/** Whether a DNS-like name is one still without its last characters. */
function isNameWithout(name: string, count: number): boolean {
  const top = name.lastIndexOf('.') + 1;
  if (name.startsWith('xn--', top)) return isDnsLike(name.slice(0, -count));
  return name.length - top - count >= 2;
}

/** As much of the run as the length octet before it says; and what a first character says that is such a length. */
function variants(run: string, length: number): string[] {
  const first = run.charCodeAt(0);
  const found: string[] = [];
  if (length < run.length) found.push(run.slice(0, length));
  if (first < run.length) found.push(run.slice(1, 1 + first));
  return found;
}

/** The longest DNS-like names in a run, parted where a label is empty or too long. */
function labelGroups(run: string): string[] {
  if (isDnsLike(run)) return [run];
  const groups: string[] = [];
  let groupStart = 0;
  for (let start = 0; start <= run.length;) {
    const dot = run.indexOf('.', start);
    const end = dot < 0 ? run.length : dot;
    const isLabel = end > start && end - start <= 63;
    if (!isLabel) addGroup(groups, run.slice(groupStart, Math.max(groupStart, start - 1)));
    if (!isLabel) groupStart = end + 1;
    start = end + 1;
  }
  addGroup(groups, run.slice(groupStart));
  return groups;
}

/** The last labels, where there are more than a name can have. */
function addGroup(groups: string[], group: string): void {
  const labels = group.slice(-maxGroup).split('.').slice(-127);
  const name = labels.length > 1 ? trimmedName(labels) : '';
  if (isDnsLike(name)) groups.push(name);
}

const maxGroup = 127 * 64;

/**
 * The labels as a name that ends in letters: the header of an element that follows a name may be printable (`0Y0` and `1`
 * are those of a SEQUENCE and a SET), but begins with no letter.
 */
function trimmedName(labels: readonly string[]): string {
  let last = labels.length - 1;
  while (last > 0 && !/^[a-z]{2}/.test(labels[last] ?? '')) last -= 1;
  const top = /^xn--[a-z0-9-]*[a-z0-9]|^[a-z]*/.exec(labels[last] ?? '')?.[0] ?? '';
  const name = [...labels.slice(0, last), top].join('.');
  return name.length <= 253 ? name : name.slice(name.indexOf('.', name.length - 253) + 1);
}
