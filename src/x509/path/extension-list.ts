import {
  children,
  contentOf,
  DerError,
  expectElement,
  readBoolean,
  readElement,
  readOid,
  tags,
  type DerElement,
} from '../read/der.js';
import type { PathCode, Problem } from './codes.js';
import { extensionReaders, type Extensions } from './extensions.js';
import { quote } from './quote.js';

interface RawExtension {
  readonly critical: boolean;
  readonly value: DerElement;
}

/** An extension as it stands in the certificate. */
export interface PresentExtension {
  readonly critical: boolean;
  /** Contents of its OCTET STRING. */
  readonly value: Uint8Array;
}

/** What collecting shares: the extensions found, and what is wrong with the list. */
interface Collection {
  readonly raw: Map<string, RawExtension>;
  readonly repeated: Set<string>;
  readonly writtenOut: Set<string>;
  readonly problems: Problem[];
}

const readers = Object.entries(extensionReaders);

/**
 * Reads the explicit [3] element of a TBSCertificate (null: there is none). What is malformed becomes a problem: one extension that
 * cannot be read does not hide the others, and its criticality stays known.
 */
export function readExtensions(
  der: Uint8Array,
  list: DerElement | null,
  problems: Problem[],
): { readonly extensions: Extensions; readonly present: ReadonlyMap<string, PresentExtension> } {
  const raw = list === null ? new Map<string, RawExtension>() : collect(der, list, problems);
  const read = readers.map(([name, reader]) => {
    const extension = raw.get(reader.oid);
    return [name, extension === undefined ? null : readExtension(der, name, extension, problems)] as const;
  });
  reportUnread(raw, problems);
  return {
    extensions: Object.fromEntries(read) as unknown as Extensions,
    present: new Map(
      [...raw].map(([oid, { critical, value }]) => [oid, { critical, value: contentOf(der, value) }]),
    ),
  };
}

function collect(der: Uint8Array, list: DerElement, problems: Problem[]): Map<string, RawExtension> {
  const collection: Collection = { raw: new Map(), repeated: new Set(), writtenOut: new Set(), problems };
  const { raw, repeated, writtenOut } = collection;
  readOn(problems, () => {
    const [sequence, more] = children(der, list);
    if (sequence === undefined || more !== undefined)
      throw new DerError('not one list of extensions', list.start);
    if (sequence.contentStart === sequence.end) throw new DerError('empty list of extensions', list.start);
    for (const element of children(der, expectElement(der, tags.sequence, sequence.start)))
      readOn(problems, () => collectOne(der, element, collection));
  });
  for (const id of [...repeated].slice(0, 3))
    problems.push({ code: 'duplicate-extension', text: `has extension ${id} more than once` });
  for (const id of [...writtenOut].slice(0, 3))
    problems.push({
      code: 'malformed-extension',
      text: `writes out the default criticality of extension ${id}`,
    });
  return raw;
}

/** At most this many problems of one list are reported. */
const maxProblems = 8;

function readOn(problems: Problem[], read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    if (problems.length < maxProblems)
      problems.push({
        code: 'malformed-extension',
        text: `has a malformed extension: ${quote(error.message)}`,
      });
  }
}

function collectOne(der: Uint8Array, element: DerElement, { raw, repeated, writtenOut }: Collection): void {
  const [oid, ...rest] = children(der, expectElement(der, tags.sequence, element.start));
  if (oid?.tag !== tags.oid) throw new DerError('extension without an identifier', element.start);
  const id = readOid(der, oid);
  const critical = rest[0]?.tag === tags.boolean ? rest.shift() : undefined;
  const [value] = rest;
  if (rest.length !== 1 || value?.tag !== tags.octetString)
    throw new DerError('extension without a value', element.start);
  if (critical !== undefined && !readBoolean(der, critical)) writtenOut.add(id);
  if (raw.has(id)) repeated.add(id);
  else raw.set(id, { critical: critical !== undefined && readBoolean(der, critical), value });
}

const malformedCodes: Readonly<Record<string, PathCode>> = {
  nameConstraints: 'name-constraints-malformed',
  policyConstraints: 'policy-constraints-malformed',
};

function readExtension(der: Uint8Array, name: string, raw: RawExtension, problems: Problem[]) {
  const reader = extensionReaders[name as keyof typeof extensionReaders];
  const note = (fault: string): void => {
    problems.push({ code: 'not-der', text: `has a ${name} extension that ${fault}`, isTolerable: true });
  };
  try {
    const { contentStart, end } = raw.value;
    const element = readElement(der, contentStart, end);
    if (element.end !== end) throw new DerError('trailing bytes', element.end);
    return { critical: raw.critical, value: reader.read(der, element, note) };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    const code = malformedCodes[name] ?? 'malformed-extension';
    problems.push({ code, text: `has a malformed ${name} extension: ${quote(error.message)}` });
    return null;
  }
}

const knownOids: ReadonlySet<string> = new Set(readers.map(([, { oid }]) => oid));
const poisonOid = '1.3.6.1.4.1.11129.2.4.3';

/** Critical extensions that this validator does not read (RFC 5280 section 4.2). */
function reportUnread(raw: ReadonlyMap<string, RawExtension>, problems: Problem[]): void {
  if (raw.has(poisonOid))
    problems.push({ code: 'precertificate', text: 'is a precertificate, which no one may accept' });
  const unread = [...raw].filter(
    ([oid, { critical }]) => critical && !knownOids.has(oid) && oid !== poisonOid,
  );
  if (unread.length === 0) return;
  const shown = unread.slice(0, 3).map(([oid]) => oid);
  const rest = unread.length > 3 ? ` and ${unread.length - 3} more` : '';
  const text = `has unknown critical extensions: ${shown.join(', ')}${rest}`;
  problems.push({ code: 'unknown-critical-extension', text });
}
