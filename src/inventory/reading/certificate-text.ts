import { isUnreadable, type Certificate } from '../../model/certificate.js';
import { firstElement } from './der.js';
import { decodeBase64 } from './pem.js';

/** Reads the exact bytes of one certificate; never throws. Given by the service (src/x509). */
export type ReadCertificate = (der: Uint8Array) => Certificate;

/**
 * Every certificate in a table's cell: PEM (line ends may be written `\n`, as databases export them), or bare base64 of
 * DER. In words why not when something in it cannot be read.
 */
export function certificatesInText(text: string, read: ReadCertificate): Certificate[] | string {
  const plain = text.replaceAll('\\r', '').replaceAll('\\n', '\n');
  const encoded = plain.includes('-----BEGIN')
    ? [...plain.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)].map(
        ([, body]) => body ?? '',
      )
    : [plain];
  const certificates: Certificate[] = [];
  for (const body of encoded) {
    const der = decodeBase64(body.replace(/\s+/g, ''));
    const certificate = der === null ? null : read(firstElement(der));
    if (certificate === null || isUnreadable(certificate)) return 'its certificate is not readable';
    certificates.push(certificate);
  }
  return certificates.length > 0 ? certificates : 'its certificate is not readable';
}
