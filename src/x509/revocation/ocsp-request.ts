import { createHash } from 'node:crypto';
import type { Certificate } from '../../model/certificate.js';
import { locate } from '../read/fast.js';
import { contentStart, elementEnd } from '../read/layout.js';

/**
 * DER of an OCSPRequest for one certificate (RFC 6960 section 4.1.1), with SHA-1 in its CertID, which every responder knows
 * (RFC 5019 section 2.1.1), and without a nonce unless one is given. Null when the certificate or its issuer is unreadable.
 */
export function ocspRequest(
  certificate: Certificate,
  issuer: Certificate,
  nonce: Uint8Array | null = null,
): Buffer | null {
  const [leaf, leafLayout] = locate(certificate);
  const [ca, caLayout] = locate(issuer);
  if (leafLayout.serialNumber < 0 || caLayout.subject < 0 || caLayout.publicKey < 0) return null;
  const serial = leaf.subarray(leafLayout.serialNumber, elementEnd(leaf, leafLayout.serialNumber));
  const name = ca.subarray(caLayout.subject, elementEnd(ca, caLayout.subject));
  const bits = elementEnd(ca, contentStart(ca, caLayout.publicKey));
  const key = ca.subarray(contentStart(ca, bits) + 1, elementEnd(ca, bits));
  const certId = sequence(sha1Algorithm, octets(sha1(name)), octets(sha1(key)), serial);
  const list = sequence(sequence(certId));
  const extensions =
    nonce === null ? [] : [element(0xa2, sequence(sequence(nonceOid, octets(octets(nonce)))))];
  return sequence(sequence(list, ...extensions));
}

/** AlgorithmIdentifier of SHA-1 with NULL parameters. */
const sha1Algorithm = Buffer.from('300906052b0e03021a0500', 'hex');
/** id-pkix-ocsp-nonce. */
const nonceOid = Buffer.from('06092b0601050507300102', 'hex');

function sha1(bytes: Uint8Array): Buffer {
  return createHash('sha1').update(bytes).digest();
}

function octets(content: Uint8Array): Buffer {
  return element(0x04, content);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return element(0x30, ...parts);
}

/** Contents of at most 65,535 octets. */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
