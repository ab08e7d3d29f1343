import { children, contextTag, DerError, type DerElement } from '../der.js';
import { generalNameText, readGeneralName, type GeneralName } from './general-name.js';
import { readRdn, type Name } from './name.js';

/** DistributionPointName (RFC 5280 section 4.2.1.13): where a CRL, or the part of one, is published. */
export interface PointName {
  readonly full: readonly GeneralName[];
  /** Comparable key of a name relative to the CRL's issuer; null when the names are full. */
  readonly relative: string | null;
}

/** Reads the CHOICE within `element`. Throws DerError. */
export function readPointName(bytes: Uint8Array, element: DerElement): PointName {
  const [choice, more] = children(bytes, element);
  if (choice === undefined || more !== undefined)
    throw new DerError('not one name of a point', element.start);
  if (choice.tag === contextTag(1, true)) return { full: [], relative: readRdn(bytes, choice, []) };
  if (choice.tag !== contextTag(0, true)) throw new DerError('not a name of a point', choice.start);
  return { full: [...children(bytes, choice)].map((name) => readGeneralName(bytes, name)), relative: null };
}

/** What equal names of points have in common, relative ones completed with the issuer's name. */
export function pointKeys({ full, relative }: PointName, issuer: Name): readonly string[] {
  const keys = full.map((name) =>
    name.kind === 'directory' ? `directory ${name.name.key}` : generalNameText(name),
  );
  return relative === null ? keys : [...keys, `directory ${issuer.key},${relative}`];
}
