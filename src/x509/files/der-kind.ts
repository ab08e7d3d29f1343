import { children, DerError, readElement, tags, type DerElement } from '../read/der.js';

/** What a DER element is, by its first tags alone. */
export type DerKind = 'certificate' | 'certificate request' | 'CRL' | 'key' | 'other';

/**
 * Tells a certificate from what looks like one (RFC 5280 sections 4.1 and 5.1, RFC 2986 section 4, RFC 5958 section 2). In doubt it is a
 * certificate: broken ones are reported, not passed over.
 */
export function derKind(bytes: Uint8Array): DerKind {
  if (bytes[0] !== tags.sequence) return 'other';
  try {
    const [first] = children(bytes, readElement(bytes, 0));
    if (first === undefined) return 'certificate';
    if (first.tag === tags.integer) return 'key';
    if (first.tag !== tags.sequence) return 'other';
    return kindOfInner([...children(bytes, first)]);
  } catch (error) {
    if (error instanceof DerError) return 'certificate';
    throw error;
  }
}

function kindOfInner(inner: readonly DerElement[]): DerKind {
  const tagsInside = inner.map(({ tag }) => tag);
  const afterVersion = tagsInside[0] === tags.integer ? tagsInside.slice(1) : tagsInside;
  const [first, second, third] = afterVersion;
  if (first === tags.sequence && second === tags.sequence && isTime(third)) return 'CRL';
  const isRequest =
    tagsInside[0] === tags.integer &&
    inner.length <= 4 &&
    first === tags.sequence &&
    second === tags.sequence &&
    (third === undefined || third === 0xa0);
  return isRequest ? 'certificate request' : 'certificate';
}

function isTime(tag: number | undefined): boolean {
  return tag === tags.utcTime || tag === tags.generalizedTime;
}
