import { createHash } from 'node:crypto';
import type { Certificate } from '../../src/model/certificate.js';
import { readCertificate } from '../../src/x509/read-certificate.js';

/**
 * Reads certificates, each content once while it is remembered: intermediates and shared certificates come thousands of
 * times in a scan. Remembers the most recent ones, `maxBytes` of DER at most.
 */
export function createCertificateCache(maxBytes = 8_388_608): (der: Uint8Array) => Certificate {
  const known = new Map<string, Certificate>();
  let bytes = 0;
  return (der) => {
    const key = createHash('sha256').update(der).digest('base64');
    const found = known.get(key);
    known.delete(key);
    // Copied: the bytes received are a view into a whole message.
    const certificate = found ?? readCertificate(Uint8Array.from(der));
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
