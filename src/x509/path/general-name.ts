import {
  children,
  contentOf,
  contextTag,
  DerError,
  expectElement,
  tags,
  type DerElement,
} from '../read/der.js';
import { isDnsName, wildcardBase } from './dns-name.js';
import { addressText } from './ip-address.js';
import { nameText, readName, type Name } from './name.js';

/** One GeneralName (RFC 5280 section 4.2.1.6). */
export type GeneralName =
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly text: string }
  | { readonly kind: 'ip'; readonly octets: Uint8Array }
  | { readonly kind: 'directory'; readonly name: Name }
  /** Forms that nothing here can compare. */
  | { readonly kind: UnsupportedKind };

type UnsupportedKind = 'otherName' | 'x400Address' | 'ediPartyName' | 'registeredID';

/** What tells the forms apart. */
export type GeneralNameKind = GeneralName['kind'];

const kinds = new Map<number, GeneralNameKind>([
  [contextTag(0, true), 'otherName'],
  [contextTag(1, false), 'email'],
  [contextTag(2, false), 'dns'],
  [contextTag(3, true), 'x400Address'],
  [contextTag(4, true), 'directory'],
  [contextTag(5, true), 'ediPartyName'],
  [contextTag(6, false), 'uri'],
  [contextTag(7, false), 'ip'],
  [contextTag(8, false), 'registeredID'],
]);

/** Reads one GeneralName; the form of its value is not judged. Throws DerError. */
export function readGeneralName(bytes: Uint8Array, element: DerElement): GeneralName {
  const kind = kinds.get(element.tag);
  switch (kind) {
    case undefined:
      throw new DerError(`no general name has tag ${element.tag}`, element.start);
    case 'dns':
    case 'email':
    case 'uri':
      return { kind, text: Buffer.from(contentOf(bytes, element)).toString('latin1') };
    case 'ip':
      return { kind, octets: contentOf(bytes, element) };
    case 'directory':
      return { kind, name: readName(bytes, onlyChild(bytes, element)) };
    default:
      return { kind };
  }
}

function onlyChild(bytes: Uint8Array, element: DerElement): DerElement {
  const [child, more] = children(bytes, element);
  if (child === undefined || more !== undefined) throw new DerError('not exactly one element', element.start);
  return child;
}

/** Reads GeneralNames, a SEQUENCE of at least one. Throws DerError. */
export function readGeneralNames(bytes: Uint8Array, element: DerElement): readonly GeneralName[] {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const names = [...children(bytes, sequence)].map((child) => readGeneralName(bytes, child));
  if (names.length === 0) throw new DerError('sequence of no names', element.start);
  return names;
}

/** Text for sentences; hostile: not escaped. */
export function generalNameText(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return `${name.kind} ${name.text}`;
    case 'ip':
      return `ip ${addressText(name.octets)}`;
    case 'directory':
      return `directory name ${nameText(name.name)}`;
    default:
      return name.kind;
  }
}

/** True when the value of a subject or issuer alternative name has the form its kind asks for. */
export function isWellFormed(name: GeneralName): boolean {
  switch (name.kind) {
    case 'dns':
      return isDnsName(wildcardBase(name.text) ?? name.text);
    case 'email':
      return splitMailbox(name.text) !== null;
    case 'uri':
      return /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(name.text);
    case 'ip':
      return name.octets.length === 4 || name.octets.length === 16;
    case 'directory':
      return name.name.rdns.length > 0;
    default:
      return true;
  }
}

const dotAtom = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const quotedString = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/;

/** Local part, as written, and lower-case host of a mailbox (RFC 5321 section 4.1.2), or null when it is none. */
export function splitMailbox(text: string): { readonly local: string; readonly host: string } | null {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const host = text.slice(at + 1).toLowerCase();
  if (at < 0 || !isDnsName(host)) return null;
  return dotAtom.test(local) || quotedString.test(local) ? { local, host } : null;
}
