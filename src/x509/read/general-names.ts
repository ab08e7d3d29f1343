import ipaddr from 'ipaddr.js';
import { decodeIa5 } from './der-text.js';
import { contentStart, endOf } from './layout.js';
import { append, emptyList } from './lists.js';
import { wholeNames } from './names.js';
import type { Problems } from './problems.js';

/** Names of a GeneralNames value (RFC 5280 section 4.2.1.6), as found. */
export interface GeneralNames {
  dnsNames: string[];
  ipAddresses: string[];
  emailAddresses: string[];
  uris: string[];
  /** All dnsNames are lower-case host names without anything to normalise. */
  arePlain: boolean;
  /** Start and end of each name of another kind, or of a kind that cannot hold what it holds. */
  others: number[];
}

/** No names at all. */
export function noGeneralNames(): GeneralNames {
  return {
    dnsNames: emptyList,
    ipAddresses: emptyList,
    emailAddresses: emptyList,
    uris: emptyList,
    arePlain: true,
    others: emptyList,
  };
}

/**
 * Reads GeneralNames in [start, end). What is malformed is noted, under the code `bad-subject-alt-name` when names may hide in it.
 */
export function readGeneralNames(
  bytes: Buffer,
  start: number,
  end: number,
  problems: Problems,
): GeneralNames {
  const names = noGeneralNames();
  // ASCII names are cut from it for nothing.
  const text = bytes.toString('latin1', start, end);
  const listEnd = endOf(bytes, start, end);
  if (bytes[start] !== 0x30 || listEnd !== end) {
    problems.fatal('bad-subject-alt-name', 'the subjectAltName is not one SEQUENCE');
    names.others = append(append(names.others, start), end);
    return names;
  }
  let at = contentStart(bytes, start);
  if (at === end) problems.note('empty-subject-alt-name', 'the subjectAltName holds no name');
  while (at < end) {
    const nameEnd = endOf(bytes, at, end);
    if (nameEnd < 0) {
      problems.fatal('bad-subject-alt-name', `the subjectAltName breaks off at offset ${at}`);
      names.others = append(append(names.others, at), end);
      return names;
    }
    readGeneralName(names, bytes, text, start, at, nameEnd, problems);
    at = nameEnd;
  }
  return names;
}

function readGeneralName(
  names: GeneralNames,
  bytes: Buffer,
  text: string,
  textStart: number,
  at: number,
  end: number,
  problems: Problems,
): void {
  const from = contentStart(bytes, at);
  switch (bytes[at]) {
    case 0x82:
      if (isPlainHost(bytes, from, end))
        names.dnsNames = append(names.dnsNames, text.substring(from - textStart, end - textStart));
      else addUnusualName(names, bytes, from, end, problems);
      return;
    case 0x87:
      addAddress(names, bytes, from, end, problems);
      return;
    case 0x81: {
      const mailbox = ia5(bytes, from, end, problems);
      names.emailAddresses = append(names.emailAddresses, mailbox);
      if (mailbox.includes('@')) return;
      break;
    }
    case 0x86:
      names.uris = append(names.uris, ia5(bytes, from, end, problems));
      break;
    case 0xa0:
    case 0xa3:
    case 0xa4:
    case 0xa5:
    case 0x88:
      break;
    default:
      problems.fatal('bad-subject-alt-name', `the subjectAltName holds a name with tag ${bytes[at] ?? 0}`);
  }
  names.others = append(append(names.others, from), end);
}

/** Lower-case letters, digits, hyphens, underscores, stars and dots, without a dot at either end; not empty. */
export function isPlainHost(bytes: Uint8Array, from: number, end: number): boolean {
  if (from === end || bytes[from] === 0x2e || bytes[end - 1] === 0x2e) return false;
  for (let at = from; at < end; at += 1) if (plainOctets[bytes[at] ?? 0] === 0) return false;
  return true;
}

/** True when one of the octets is a dot. */
export function hasDot(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if (bytes[at] === 0x2e) return true;
  return false;
}

const plainOctets = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789-._*') plainOctets[character.charCodeAt(0)] = 1;

function addUnusualName(
  names: GeneralNames,
  bytes: Buffer,
  from: number,
  end: number,
  problems: Problems,
): void {
  const name = ia5(bytes, from, end, problems);
  names.arePlain = false;
  names.dnsNames = append(names.dnsNames, name);
  if (name === '') problems.note('empty-name', 'a dNSName is empty');
  if (!name.includes('\0')) return;
  problems.note('nul-in-name', `the dNSName "${name}" holds a NUL`);
  // Wide characters under a wrong tag, perhaps.
  if (wholeNames(name).length === 0) names.others = append(append(names.others, from), end);
}

/** An IA5String: ASCII; else UTF-8 where it is that, else Latin-1, and noted. */
function ia5(bytes: Buffer, from: number, end: number, problems: Problems): string {
  const content = bytes.subarray(from, end);
  const { text, valid } = decodeIa5(content);
  if (valid) return text;
  problems.note('bad-text', `the name "${text}" is not an IA5String`);
  const utf8 = Buffer.from(content).toString('utf8');
  return utf8.includes('\ufffd') ? text : utf8;
}

function addAddress(names: GeneralNames, bytes: Buffer, from: number, end: number, problems: Problems): void {
  const address = addressText(bytes, from, end);
  if (address !== null) names.ipAddresses = append(names.ipAddresses, address);
  else problems.note('bad-ip-address', `an iPAddress has ${end - from} octets, not 4 or 16`);
  if (address === null || end - from === 16) names.others = append(append(names.others, from), end);
}

/** Canonical text of the 4 or 16 octets of an address (IPv6 as RFC 5952); null for any other length. */
export function addressText(bytes: Buffer, from: number, end: number): string | null {
  if (end - from === 4)
    return `${bytes[from] ?? 0}.${bytes[from + 1] ?? 0}.${bytes[from + 2] ?? 0}.${bytes[from + 3] ?? 0}`;
  return end - from === 16 ? ipaddr.fromByteArray([...bytes.subarray(from, end)]).toString() : null;
}
