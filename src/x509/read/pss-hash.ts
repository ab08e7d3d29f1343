import { children, DerError, expectElement, readElement, readOid, tags } from './der.js';

const hashNames = new Map([
  ['1.3.14.3.2.26', 'SHA1'],
  ['2.16.840.1.101.3.4.2.4', 'SHA224'],
  ['2.16.840.1.101.3.4.2.1', 'SHA256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA512'],
  ['2.16.840.1.101.3.4.2.8', 'SHA3-256'],
  ['2.16.840.1.101.3.4.2.9', 'SHA3-384'],
  ['2.16.840.1.101.3.4.2.10', 'SHA3-512'],
]);

/**
 * Hash of RSASSA-PSS-params in [start, end), behind the algorithm's OID: SHA1 where the parameters or their hash are absent
 * (RFC 4055 section 3.1), the dotted OID of an unknown one, null when the parameters are malformed.
 */
export function pssHash(bytes: Uint8Array, start: number, end: number): string | null {
  try {
    if (start === end) return 'SHA1';
    const [first] = children(bytes, expectElement(bytes, tags.sequence, start, end));
    if (first?.tag !== 0xa0) return 'SHA1';
    const algorithm = expectElement(bytes, tags.sequence, first.contentStart, first.end);
    const oid = readOid(bytes, readElement(bytes, algorithm.contentStart, algorithm.end));
    return hashNames.get(oid) ?? oid;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}
