import { bytesOf, children, contextTag, expectElement, readOid, tags, type DerElement } from '../read/der.js';

/** ContentInfo of type signedData (RFC 5652 section 5.1): its certificates; null when it is none. Throws DerError when it is not whole. */
export function certificatesOfPkcs7(bytes: Uint8Array, outer: DerElement): readonly Uint8Array[] | null {
  const [type, content] = children(bytes, outer);
  if (type?.tag !== tags.oid || readOid(bytes, type) !== '1.2.840.113549.1.7.2') return null;
  const explicit = expectElement(bytes, contextTag(0, true), content?.start ?? outer.end, outer.end);
  const signedData = expectElement(bytes, tags.sequence, explicit.contentStart, explicit.end);
  const list = [...children(bytes, signedData)].find(({ tag }) => tag === contextTag(0, true));
  if (list === undefined) return [];
  return [...children(bytes, list)]
    .filter(({ tag }) => tag === tags.sequence)
    .map((certificate) => bytesOf(bytes, certificate));
}
