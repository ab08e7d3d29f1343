import { decodeText } from './der-text.js';
import { contentStart, endOf } from './layout.js';
import { attributeNames, byOidBytes, dottedOid, oidKey } from './oids.js';
import type { Problems } from './problems.js';

/** What a Name says (RFC 5280 section 4.1.2.4). */
export interface DistinguishedName {
  /** RFC 4514 text, most specific first. */
  text: string;
  readonly commonNames: string[];
  readonly organizations: string[];
  /** Start and end, in pairs, of every value that is neither Common Name nor Organization, or not surely its text. */
  readonly others: number[];
}

const shortNames = byOidBytes(attributeNames);
const commonNameKey = oidKey('2.5.4.3');
const organizationKey = oidKey('2.5.4.10');

/**
 * Reads the Name in [start, end). `latin1` holds the same bytes as Latin-1, so that ASCII values are cut from it for
 * nothing. What follows a malformed part is left out, and noted as `bad-name`.
 */
export function readName(
  bytes: Buffer,
  latin1: string,
  start: number,
  end: number,
  problems: Problems,
): DistinguishedName {
  const name: DistinguishedName = { text: '', commonNames: [], organizations: [], others: [] };
  let at = contentStart(bytes, start);
  while (at < end) {
    const rdnEnd = bytes[at] === 0x31 ? endOf(bytes, at, end) : -1;
    const text = rdnEnd < 0 ? null : readRdn(name, bytes, latin1, at, rdnEnd, problems);
    if (text === null) {
      problems.fatal('bad-name', `a Name cannot be read at offset ${at}`);
      name.others.push(at, end);
      return name;
    }
    name.text = name.text === '' ? text : `${text},${name.text}`;
    at = rdnEnd;
  }
  return name;
}

/** One RelativeDistinguishedName; null when it is malformed. */
function readRdn(
  name: DistinguishedName,
  bytes: Buffer,
  latin1: string,
  start: number,
  end: number,
  problems: Problems,
): string | null {
  let text = '';
  let at = contentStart(bytes, start);
  if (at === end) problems.note('bad-name', 'a Name holds an empty RelativeDistinguishedName');
  while (at < end) {
    const pairEnd = bytes[at] === 0x30 ? endOf(bytes, at, end) : -1;
    if (pairEnd < 0) return null;
    const oid = contentStart(bytes, at);
    const value = bytes[oid] === 0x06 ? endOf(bytes, oid, pairEnd) : -1;
    if (value < 0 || endOf(bytes, value, pairEnd) !== pairEnd) return null;
    const attribute = readAttribute(name, bytes, latin1, contentStart(bytes, oid), value, pairEnd, problems);
    text = text === '' ? attribute : `${text}+${attribute}`;
    at = pairEnd;
  }
  return text;
}

function readAttribute(
  name: DistinguishedName,
  bytes: Buffer,
  latin1: string,
  oidStart: number,
  value: number,
  end: number,
  problems: Problems,
): string {
  const key = latin1.substring(oidStart, value);
  const text = attributeText(bytes, latin1, value, end, problems);
  if (key === commonNameKey && text !== null) name.commonNames.push(text);
  else if (key === organizationKey && text !== null) name.organizations.push(text);
  // Wide characters may be plain ones under a wrong tag.
  if ((key !== commonNameKey && key !== organizationKey) || (bytes[value] ?? 0) > 0x1a || text === null)
    name.others.push(contentStart(bytes, value), end);
  const type = shortNames.get(key);
  if (type !== undefined && text !== null) return `${type}=${escapeValue(text)}`;
  const dotted = type ?? dottedOid(bytes, oidStart, value) ?? `OID.${bytes.toString('hex', oidStart, value)}`;
  return `${dotted}=#${bytes.toString('hex', value, end)}`;
}

/** Text of a string value, or null when the value is no string. */
function attributeText(
  bytes: Buffer,
  latin1: string,
  value: number,
  end: number,
  problems: Problems,
): string | null {
  const tag = bytes[value] ?? 0;
  const from = contentStart(bytes, value);
  if ((tag === 0x0c && isAscii(bytes, from, end)) || (tag === 0x13 && isPrintable(bytes, from, end)))
    return latin1.substring(from, end);
  const decoded = decodeText(bytes, { tag, start: value, contentStart: from, end });
  if (decoded === null) problems.note('bad-text', `an attribute value has tag ${tag}, which is no string's`);
  else if (!decoded.valid)
    problems.note('bad-text', `the attribute value "${decoded.text}" breaks the rules of its string type`);
  return decoded?.text ?? null;
}

function isAscii(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if ((bytes[at] ?? 0) >= 0x80) return false;
  return true;
}

const printableOctets = new Uint8Array(256);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '()+,-./:=?")
  printableOctets[character.charCodeAt(0)] = 1;

function isPrintable(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if (printableOctets[bytes[at] ?? 0] === 0) return false;
  return true;
}

/** RFC 4514 section 2.4. Characters it does not name stay as they are. */
function escapeValue(text: string): string {
  if (!/["+,;<>\\\0]|^[ #]| $/.test(text)) return text;
  const escaped = text.replace(/["+,;<>\\]/g, '\\$&').replace(/\0/g, '\\00');
  const head = /^[ #]/.test(text) ? '\\' : '';
  return text.length > 1 && text.endsWith(' ') ? `${head}${escaped.slice(0, -1)}\\ ` : head + escaped;
}
