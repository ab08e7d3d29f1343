/**
 * What the first tags say (RFC 5280 section 4.1, RFC 5958 section 2): a certificate is SEQUENCE { SEQUENCE { [0] or
 * INTEGER ..., a private key is SEQUENCE { INTEGER ... . Version 1 certificates, requests and CRLs look alike.
 */
export function shapeOf(bytes: Uint8Array): 'version-3' | 'version-1' | 'key' | 'other' {
  const outer = header(bytes, 0);
  if (bytes[outer.content] === 0x02) return 'key';
  if (bytes[outer.content] !== 0x30) return 'other';
  const tag = bytes[header(bytes, outer.content).content];
  if (tag === 0xa0) return 'version-3';
  return tag === 0x02 ? 'version-1' : 'other';
}

/** The bytes of the first DER element alone (OpenSSL's TRUSTED CERTIFICATE has more behind it); all bytes when cut short. */
export function firstElement(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, header(bytes, 0).end);
}

/** Where the contents of the element at `offset` begin and end (X.690 section 8.1.3); lengths of at most four octets. */
function header(bytes: Uint8Array, offset: number): { content: number; end: number } {
  const first = bytes[offset + 1] ?? 0;
  if (first < 0x80) return { content: offset + 2, end: offset + 2 + first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) return { content: offset + 2, end: bytes.length };
  let length = 0;
  for (let n = 0; n < octets; n += 1) length = length * 256 + (bytes[offset + 2 + n] ?? 0);
  return { content: offset + 2 + octets, end: offset + 2 + octets + length };
}
