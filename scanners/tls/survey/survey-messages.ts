import { readName } from '../../../src/x509/read/distinguished-name.js';
import { Problems } from '../../../src/x509/read/problems.js';
import { ByteReader, ShortReadError } from '../wire/byte-reader.js';
import { versions } from '../wire/client-hello.js';

/** Names kept of one request. */
const maxNames = 1000;

/**
 * Subjects named in a CertificateRequest to TLS 1.2, RFC 4514 text (RFC 5246 section 7.4.4):
 *
 *     struct { ClientCertificateType certificate_types<1..2^8-1>;
 *              SignatureAndHashAlgorithm supported_signature_algorithms<2^16-1>;      (TLS 1.2 only)
 *              DistinguishedName certificate_authorities<0..2^16-1>; } CertificateRequest;
 *
 * Empty when the server names none; what is malformed ends the list.
 */
export function clientAuthorities(body: Uint8Array, version: number): string[] {
  try {
    const reader = new ByteReader(body);
    reader.vector(1);
    if (version >= versions['TLSv1.2']) reader.vector(2);
    return authorityNames(reader.bytes(reader.left));
  } catch (error) {
    if (error instanceof ShortReadError) return [];
    throw error;
  }
}

/** The same for TLS 1.3: DistinguishedName authorities<3..2^16-1> of the extension certificate_authorities. */
export function authorityNames(body: Uint8Array): string[] {
  const names: string[] = [];
  try {
    const list = new ByteReader(body.length === 0 ? body : new ByteReader(body).vector(2));
    while (list.left > 0 && names.length < maxNames) {
      const name = list.vector(2);
      names.push(readName(name, 0, name.length, new Problems()).text);
    }
  } catch (error) {
    if (!(error instanceof ShortReadError)) throw error;
  }
  return names;
}

/** How many SCTs a SignedCertificateTimestampList holds (RFC 6962 section 3.3); null when there is no extension. */
export function sctCount(body: Uint8Array | undefined): number | null {
  if (body === undefined) return null;
  let count = 0;
  try {
    const list = new ByteReader(new ByteReader(body).vector(2));
    for (; list.left > 0; count += 1) list.vector(2);
  } catch (error) {
    if (!(error instanceof ShortReadError)) throw error;
  }
  return count;
}
