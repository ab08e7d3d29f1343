import 'reflect-metadata';
import { X509Certificate } from '@peculiar/x509';

/** One extension as it is shown. Every text in it is hostile. */
export interface FullExtension {
  /** Dotted object identifier. */
  readonly oid: string;
  readonly critical: boolean;
  /** Contents of the OCTET STRING, lower-case hex. */
  readonly value: string;
  /** What it says, in the manner of OpenSSL; null where the library does not know it. */
  readonly text: string | null;
}

/** A certificate as the library sees it, for display and for comparing. Every text in it is hostile. */
export interface FullCertificate {
  readonly serialNumber: string;
  /** RFC 4514 text as the library writes it: in the order of encoding. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly FullExtension[];
}

/** Certificates of more bytes are not given to the library, whose parser takes seconds and gigabytes then. */
const maxBytes = 256 * 1024;

/**
 * The full parse through @peculiar/x509, whose only importer this file is: for display and rare extensions, never for matching
 * or judging. One sentence instead where the library cannot, which is no fault of the certificate's (it refuses more than some
 * thousands of elements, for one). Never throws.
 */
export function parseFull(der: Uint8Array): FullCertificate | string {
  if (der.length > maxBytes) return `the certificate has ${der.length} bytes, more than ${maxBytes}`;
  try {
    const certificate = new X509Certificate(new Uint8Array(der));
    return {
      serialNumber: certificate.serialNumber.toLowerCase(),
      subject: certificate.subject,
      issuer: certificate.issuer,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      extensions: [...certificate.extensions].map((extension) => ({
        oid: extension.type,
        critical: extension.critical,
        value: Buffer.from(extension.value).toString('hex'),
        text: textOf(() => extension.toString('text')),
      })),
    };
  } catch (error) {
    return `the full parser gave up: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function textOf(write: () => string): string | null {
  try {
    return write();
  } catch {
    return null;
  }
}
