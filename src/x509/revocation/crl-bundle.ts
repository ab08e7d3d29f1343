/**
 * DER of the CRLs in a file: its PEM blocks `X509 CRL` (RFC 7468 section 6), or all its bytes where it is no PEM. Nothing is checked;
 * damaged base64 gives damaged DER.
 */
export function readCrlBundle(bytes: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return text.includes('-----BEGIN ') ? pemCrls(text) : [bytes];
}

/** DER of the CRLs that stand in PEM beside other things; none where `bytes` are no PEM. */
export function findCrls(bytes: Uint8Array): readonly Uint8Array[] {
  return pemCrls(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
}

function pemCrls(text: string): readonly Uint8Array[] {
  const blocks = text.matchAll(/-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/g);
  return [...blocks].map(([, body = '']) => Buffer.from(body, 'base64'));
}
