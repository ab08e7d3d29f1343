import {
  bytesOf,
  children,
  contentOf,
  DerError,
  expectElement,
  readOid,
  tags,
  type DerElement,
} from '../read/der.js';
import { decodeText } from '../read/der-text.js';

/** One attribute of a distinguished name. */
export interface Attribute {
  /** Dotted object identifier of the type. */
  readonly type: string;
  /** Text as found; null when the value is not a string. */
  readonly text: string | null;
  /** Tag of the value. */
  readonly tag: number;
  /** Contents of the value, a view. */
  readonly octets: Uint8Array;
  /** Which RelativeDistinguishedName it stands in, from 0. */
  readonly rdn: number;
}

/** A distinguished name, ready to compare. */
export interface Name {
  /** One comparable key per RelativeDistinguishedName, in order. */
  readonly rdns: readonly string[];
  /** All of them: equal keys are equal names (RFC 5280 section 7.1). Empty for the empty name. */
  readonly key: string;
  readonly attributes: readonly Attribute[];
}

/** Reads a Name. Throws DerError. */
export function readName(bytes: Uint8Array, element: DerElement): Name {
  const { name, fault } = readNameOn(bytes, element);
  if (fault !== null) throw fault;
  return name;
}

/**
 * Reads a Name past what is malformed in it: such a part compares by its bytes. `fault` is the first thing that is wrong, null when
 * nothing is. Never throws.
 */
export function readNameOn(
  bytes: Uint8Array,
  element: DerElement,
): { readonly name: Name; readonly fault: DerError | null } {
  const attributes: Attribute[] = [];
  const rdns: string[] = [];
  let fault: DerError | null = null;
  const readOn = (part: DerElement, read: () => void): void => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      fault ??= error;
      rdns.push(`malformed=${Buffer.from(bytesOf(bytes, part)).toString('hex')}`);
    }
  };
  readOn(element, () => {
    const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
    for (const set of children(bytes, sequence))
      readOn(set, () => {
        if (set.tag !== tags.set) throw new DerError('relative distinguished name is not a SET', set.start);
        rdns.push(readRdn(bytes, set, attributes, rdns.length));
      });
  });
  return { name: { rdns, key: rdns.join(','), attributes }, fault };
}

/** Comparable key of one RelativeDistinguishedName, whatever its tag; its attributes go to `attributes`. Throws DerError. */
export function readRdn(bytes: Uint8Array, element: DerElement, attributes: Attribute[], rdn = 0): string {
  const keys: string[] = [];
  for (const pair of children(bytes, element)) keys.push(readAttribute(bytes, pair, attributes, rdn));
  if (keys.length === 0) throw new DerError('empty relative distinguished name', element.start);
  return keys.sort().join('+');
}

function readAttribute(bytes: Uint8Array, element: DerElement, attributes: Attribute[], rdn: number): string {
  const pair = expectElement(bytes, tags.sequence, element.start, element.end);
  const [type, value, more] = children(bytes, pair);
  if (type?.tag !== tags.oid || value === undefined || more !== undefined)
    throw new DerError('attribute is not a type and a value', element.start);
  const oid = readOid(bytes, type);
  const decoded = decodeText(bytes, value);
  attributes.push({
    type: oid,
    text: decoded?.text ?? null,
    tag: value.tag,
    octets: contentOf(bytes, value),
    rdn,
  });
  const comparable =
    decoded === null ? Buffer.from(bytesOf(bytes, value)).toString('hex') : normalise(decoded.text);
  // The length keeps a value that contains separators from passing for several.
  return `${oid}=${comparable.length}:${comparable}`;
}

/** What RFC 4518 section 2.2 maps to nothing: controls, format characters, variation selectors and their like. */
const ignored = /[\p{Cf}\p{Variation_Selector}\u034f\u1806\ufffc]|(?!\s)\p{Cc}/gu;

/** String preparation (RFC 4518 section 2), in essence: mapped, case folded, compatibility forms, insignificant space dropped. */
function normalise(text: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(text);
  // By way of upper case, for the letters that fold to several.
  const folded = isPlain
    ? text.toLowerCase()
    : text.replaceAll(ignored, '').normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.trim().replace(/\s+/g, ' ');
}

/** True when `name` is `base` or continues it: the subtree test of RFC 5280 section 4.2.1.10. */
export function isWithinName(name: Name, base: Name): boolean {
  return base.rdns.every((rdn, at) => name.rdns[at] === rdn);
}

const shortTypes: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
};

/** Text for sentences, most specific attribute first, at most four attributes; hostile: not escaped. */
export function nameText(name: Name): string {
  const parts = name.attributes
    .map(({ type, text }) => `${shortTypes[type] ?? type}=${text ?? '#'}`)
    .reverse();
  return parts.length > 4 ? `${parts.slice(0, 4).join(',')},...` : parts.join(',');
}

/** Values of all attributes of one type, in order. */
export function attributeTexts(name: Name, type: string): readonly string[] {
  return name.attributes.flatMap((attribute) =>
    attribute.type === type && attribute.text !== null ? [attribute.text] : [],
  );
}
