import type { Certificate } from '../../../src/model/certificate.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';

/**
 * Reads certificates, each content once while it is remembered: intermediates and shared certificates come thousands of
 * times in a scan. Remembers the most recent ones, `maxBytes` of DER at most.
 */
export function createCertificateCache(maxBytes = 8_388_608): (der: Uint8Array) => Certificate {
  const known = new Map<string, Certificate>();
  let bytes = 0;
  return (der) => {
    const key = endOf(der);
    const remembered = known.get(key);
    const found = remembered !== undefined && equal(remembered.der, der) ? remembered : undefined;
    if (remembered !== undefined && found === undefined) bytes -= remembered.der.length;
    known.delete(key);
    // Copied: the bytes received are a view into a whole message.
    const certificate = found ?? readCertificate(new Uint8Array(der));
    known.set(key, certificate);
    if (found === undefined) bytes += der.length;
    for (const [oldest, { der: old }] of known) {
      if (bytes <= maxBytes) break;
      known.delete(oldest);
      bytes -= old.length;
    }
    return certificate;
  };
}

/** The last octets of a signature are as good as a hash, and cost nothing. */
function endOf(der: Uint8Array): string {
  return Buffer.from(der.buffer, der.byteOffset, der.length).toString('latin1', Math.max(0, der.length - 24));
}

function equal(x: Uint8Array, y: Uint8Array): boolean {
  return Buffer.compare(x, y) === 0;
}
