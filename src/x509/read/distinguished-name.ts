import { tags } from './der.js';
import { decodeText } from './der-text.js';
import { contentStart, endOf } from './layout.js';
import { append, emptyList } from './lists.js';
import { attributeNames, dottedOid, findOid, oidTable } from './oids.js';
import type { Problems } from './problems.js';

/** What a Name says (RFC 5280 section 4.1.2.4). */
export interface DistinguishedName {
  /** RFC 4514 text, most specific first. */
  text: string;
  commonNames: string[];
  organizations: string[];
  /** Start and end, in pairs, of every value, tag and length included, that is neither Common Name nor Organization, or not surely its text. */
  others: number[];
}

const shortNames = oidTable(attributeNames);

/**
 * Reads the Name in [start, end). What follows a malformed part is left out, and noted as `bad-name`.
 */
export function readName(bytes: Buffer, start: number, end: number, problems: Problems): DistinguishedName {
  const name: DistinguishedName = {
    text: '',
    commonNames: emptyList,
    organizations: emptyList,
    others: emptyList,
  };
  let at = contentStart(bytes, start);
  while (at < end) {
    const rdnEnd = bytes[at] === 0x31 ? endOf(bytes, at, end) : -1;
    const text = rdnEnd < 0 ? null : readRdn(name, bytes, at, rdnEnd, problems);
    if (text === null) {
      problems.fatal('bad-name', `a Name cannot be read at offset ${at}`);
      name.others = append(append(name.others, at), end);
      return name;
    }
    name.text = name.text === '' || text === '' ? text + name.text : `${text},${name.text}`;
    at = rdnEnd;
  }
  return name;
}

/** One RelativeDistinguishedName; null when it is malformed. */
function readRdn(
  name: DistinguishedName,
  bytes: Buffer,
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
    const attribute = readAttribute(name, bytes, contentStart(bytes, oid), value, pairEnd, problems);
    text = text === '' ? attribute : `${text}+${attribute}`;
    at = pairEnd;
  }
  return text;
}

function readAttribute(
  name: DistinguishedName,
  bytes: Buffer,
  oidStart: number,
  value: number,
  end: number,
  problems: Problems,
): string {
  const type = findOid(shortNames, bytes, oidStart, value);
  const from = contentStart(bytes, value);
  const classes = octetClasses(bytes, from, end);
  const isSimple = (classes & (bytes[value] === tags.printableString ? unprintable : wide)) === 0;
  const isAscii = isSimple && (bytes[value] === tags.printableString || bytes[value] === tags.utf8String);
  const text = isAscii ? bytes.toString('latin1', from, end) : decodeValue(bytes, value, end, problems);
  if (type === 'CN' && text !== null) name.commonNames = append(name.commonNames, text);
  else if (type === 'O' && text !== null) name.organizations = append(name.organizations, text);
  else name.others = append(append(name.others, value), end);
  // Wide characters may be plain ones under a wrong tag.
  if (!isAscii && text !== null && (type === 'CN' || type === 'O'))
    name.others = append(append(name.others, value), end);
  if (type === undefined || text === null) return hexAttribute(type, bytes, oidStart, value, end);
  return `${type}=${isAscii && (classes & special) === 0 ? text : escapeValue(text)}`;
}

/** RFC 4514 section 2.4: what has no short name or is no string is shown as `type=#` and the hex of the value's DER. */
function hexAttribute(
  type: string | undefined,
  bytes: Buffer,
  oidStart: number,
  value: number,
  end: number,
): string {
  const dotted = type ?? dottedOid(bytes, oidStart, value) ?? `OID.${bytes.toString('hex', oidStart, value)}`;
  return `${dotted}=#${bytes.toString('hex', value, end)}`;
}

/** Text of a string value, or null when the value is no string. */
function decodeValue(bytes: Buffer, value: number, end: number, problems: Problems): string | null {
  const tag = bytes[value] ?? 0;
  const decoded = decodeText(bytes, { tag, start: value, contentStart: contentStart(bytes, value), end });
  if (decoded === null) problems.note('bad-text', `an attribute value has tag ${tag}, which is no string's`);
  else if (!decoded.valid)
    problems.note('bad-text', `the attribute value "${decoded.text}" breaks the rules of its string type`);
  return decoded?.text ?? null;
}

/** Classes of octets: outside PrintableString, outside ASCII, and in need of a look before they stand in RFC 4514 text. */
const unprintable = 1;
const wide = 2;
const special = 4;
const classOf = new Uint8Array(256).fill(unprintable);
classOf.fill(unprintable | wide, 0x80);
for (const octet of Buffer.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '()+,-./:=?"))
  classOf[octet] = 0;
for (const octet of Buffer.from('"+,;<>\\\0#')) classOf[octet] = (classOf[octet] ?? 0) | special;

/** All classes that occur in [from, end). A space at either end counts as special. */
function octetClasses(bytes: Buffer, from: number, end: number): number {
  let classes = from < end && (bytes[from] === 0x20 || bytes[end - 1] === 0x20) ? special : 0;
  for (let at = from; at < end; at += 1) classes |= classOf[bytes[at] ?? 0] ?? 0;
  return classes;
}

/** RFC 4514 section 2.4. Characters it does not name stay as they are. */
function escapeValue(text: string): string {
  const escaped = text.replace(/["+,;<>\\]/g, '\\$&').replace(/\0/g, '\\00');
  const head = /^[ #]/.test(text) ? '\\' : '';
  return text.length > 1 && text.endsWith(' ') ? `${head}${escaped.slice(0, -1)}\\ ` : head + escaped;
}
