import {
  children,
  contextTag,
  DerError,
  expectElement,
  readBitString,
  tags,
  type DerElement,
} from '../read/der.js';
import type { Read } from '../path/fields.js';
import { optionalFields } from '../path/fields.js';
import { generalNameText, readGeneralName, type GeneralName } from '../path/general-name.js';
import { readRdn, type Name } from '../path/name.js';

/** DistributionPointName (RFC 5280 section 4.2.1.13): where a CRL, or the part of one, is published. */
export interface PointName {
  readonly full: readonly GeneralName[];
  /** Comparable key of a name relative to the CRL's issuer; null when the names are full. */
  readonly relative: string | null;
}

/** DistributionPoint of a certificate (RFC 5280 section 4.2.1.13). */
export interface DistributionPoint {
  readonly name: PointName | null;
  /** Bits of the reasons its CRL gives, by position. */
  readonly reasons: number;
  /** Comparable keys of who issues the CRL; empty: the issuer of the certificate. */
  readonly crlIssuers: readonly string[];
}

/** Every reason for which a certificate is revoked: bits 1 to 8 of ReasonFlags. */
export const allReasons = 0x1fe;

/** Reads ReasonFlags as bits by position, whatever its tag. Throws DerError. */
export function readReasons(bytes: Uint8Array, element: DerElement): number {
  const { bits } = readBitString(bytes, element);
  let mask = 0;
  for (let bit = 1; bit <= 8; bit += 1)
    if (((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) mask |= 1 << bit;
  return mask;
}

/** Reads a DistributionPoint; throws DerError. */
export const readDistributionPoint: Read<DistributionPoint> = (bytes, element) => {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const fieldTags = [contextTag(0, true), contextTag(1, false), contextTag(2, true)];
  const [name, reasons, issuers] = optionalFields(bytes, sequence, fieldTags);
  if (name === undefined && issuers === undefined) throw new DerError('point without a name', element.start);
  const named = issuers === undefined ? [] : [...children(bytes, issuers)];
  return {
    name: name === undefined ? null : readPointName(bytes, name),
    reasons: reasons === undefined ? allReasons : readReasons(bytes, reasons),
    crlIssuers: named.flatMap((child) => directoryKeys(readGeneralName(bytes, child))),
  };
};

/** Reads the CHOICE within `element`. Throws DerError. */
export function readPointName(bytes: Uint8Array, element: DerElement): PointName {
  const [choice, more] = children(bytes, element);
  if (choice === undefined || more !== undefined)
    throw new DerError('not one name of a point', element.start);
  if (choice.tag === contextTag(1, true)) return { full: [], relative: readRdn(bytes, choice, []) };
  if (choice.tag !== contextTag(0, true)) throw new DerError('not a name of a point', choice.start);
  return { full: [...children(bytes, choice)].map((name) => readGeneralName(bytes, name)), relative: null };
}

/** What equal names of points have in common, relative ones completed with the key of the CRL issuer's name. */
export function pointKeys({ full, relative }: PointName, issuerKey: string): readonly string[] {
  const keys = full.flatMap((name) =>
    name.kind === 'directory' ? directoryKeys(name).map(directoryPoint) : [generalNameText(name)],
  );
  return relative === null ? keys : [...keys, directoryPoint(`${issuerKey},${relative}`)];
}

/** The key of a point that is named by a directory name. */
export function directoryPoint(key: Name['key']): string {
  return `directory ${key}`;
}

function directoryKeys(name: GeneralName): readonly string[] {
  return name.kind === 'directory' ? [name.name.key] : [];
}
