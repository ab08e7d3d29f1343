import { findNames, isDnsLike } from './names.js';

/**
 * Every DNS-like text in bytes that could not be read as they should: in ASCII, UTF-8, BMPString and UniversalString. The
 * octets around a name (its length before it, the next tag behind it) may look like letters, so such a name is given with
 * and without them: rather one name too many than one too few. With `skipUrls`, parts of URLs and of e-mail addresses are
 * left out. Linear in the bytes.
 */
export function rawNames(bytes: Uint8Array, { skipUrls = false } = {}): string[] {
  const found = new Set<string>();
  for (const width of [1, 2, 4])
    for (let phase = 0; phase < width; phase += 1)
      for (const [start, end] of runs(bytes, width, phase))
        if (!skipUrls || !isPartOfUrl(bytes, start, end)) addRun(bytes, start, end, width, found);
  if (bytes.some((octet) => octet >= 0xc2)) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    for (const name of findNames(text, skipUrls)) found.add(name);
  }
  return [...found];
}

/** The shortest name: `a.bc`. */
const minNameLength = 4;

/** Start and end of runs of host name characters with a dot among them, each `width` octets wide (big endian). */
function* runs(
  bytes: Uint8Array,
  width: number,
  phase: number,
): Generator<[number, number], void, undefined> {
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

/** A slash is also the length octet of a name of 47 characters. */
function isPartOfUrl(bytes: Uint8Array, start: number, end: number): boolean {
  const before = bytes[start - 1];
  return before === 0x40 || bytes[end] === 0x40 || (before === 0x2f && end - start !== 47);
}

function isHostCharacter(bytes: Uint8Array, at: number, width: number): boolean {
  if (at + width > bytes.length) return false;
  for (let index = 0; index < width - 1; index += 1) if (bytes[at + index] !== 0) return false;
  return hostOctets[bytes[at + width - 1] ?? 0] === 1;
}

const hostOctets = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*')
  hostOctets[character.charCodeAt(0)] = 1;

function addRun(bytes: Uint8Array, start: number, end: number, width: number, found: Set<string>): void {
  const octets = bytes.subarray(start, end).filter((_, index) => index % width === width - 1);
  const run = Buffer.from(octets).toString('latin1');
  const length = (bytes[start - 1] ?? 0) / width;
  for (const text of variants(run, length))
    for (const name of labelGroups(text.toLowerCase())) found.add(name);
  // Where no length fits, the tag and the length of what follows may be letters at the end.
  if (length === run.length || run.charCodeAt(0) === run.length - 1) return;
  for (const name of labelGroups(run.toLowerCase()))
    for (const cut of [name.slice(0, -1), name.slice(0, -2)]) if (isDnsLike(cut)) found.add(cut);
}

/** The run; as much of it as the length octet before it says; and what a first character says that is such a length. */
function variants(run: string, length: number): string[] {
  const first = run.charCodeAt(0);
  const found = [run];
  if (length < run.length) found.push(run.slice(0, length));
  if (first < run.length) found.push(run.slice(1, 1 + first));
  return found;
}

/** The longest DNS-like names in a run, parted where a label is empty or too long. */
function labelGroups(run: string): string[] {
  const groups: string[] = [];
  let labels: string[] = [];
  for (const label of [...run.split('.'), '']) {
    if (label.length > 0 && label.length <= 63) {
      labels.push(label);
      if (labels.length > 127) labels.shift();
      continue;
    }
    const name = labels.length > 1 ? trimmedName(labels) : '';
    if (isDnsLike(name)) groups.push(name);
    if (labels.length > 0) labels = [];
  }
  return groups;
}

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

/**
 * True when the bytes hold the name (lower case, as normalizeName gives it) in readable form, whatever stands around
 * it: ASCII in any case, BMPString or UniversalString. The last resort for matching certificates that could not be read.
 */
export function containsName(bytes: Uint8Array, name: string): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').toLowerCase();
  return ['', '\0', '\0\0\0'].some((padding) =>
    text.includes([...name].map((character) => padding + character).join('')),
  );
}
