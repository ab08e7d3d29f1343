import type { CertificateRule, CheckInput } from '../rule.js';

/** id-pe-tlsfeature as an OBJECT IDENTIFIER in DER. */
const tlsFeature = Buffer.from('06082b06010505070118', 'hex');

/**
 * RFC 7633 section 4.2.3: a certificate with the TLS feature status_request obliges its server to staple an OCSP response; a client that
 * checks refuses the connection without one.
 */
export const ocspMustStapleMissing: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'ocsp-must-staple-missing',
  title: 'Certificate demands a stapled OCSP response that is missing',
  severity: 'error',
  citation: 'RFC 7633 section 4.2.3, RFC 6066 section 8',
  remediation:
    'Switch OCSP stapling on at the server, or have the certificate issued again without the TLS feature extension.',
  appliesTo: (input) =>
    input.source === 'served' && input.asked === undefined && wasAsked(input) && mustStaple(input),
  check: ({ observation, certificate }) =>
    observation?.survey?.ocspStapled === true
      ? null
      : { details: { serialNumber: certificate.serialNumber, ocspUrls: certificate.ocspUrls } },
};

/** Only a survey says whether a response was asked for and did not come. */
function wasAsked({ observation }: CheckInput): boolean {
  return typeof observation?.survey?.ocspStapled === 'boolean';
}

/** The extension holds a SEQUENCE of INTEGERs, of which 5 is status_request. */
function mustStaple({ certificate: { der } }: CheckInput): boolean {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.length);
  const at = bytes.indexOf(tlsFeature);
  if (at < 0) return false;
  let value = at + tlsFeature.length;
  if (bytes[value] === 1) value += 3;
  const [tag, length = 0] = bytes.subarray(value, value + 2);
  return (
    tag === 4 &&
    length < 0x80 &&
    bytes.subarray(value + 2, value + 2 + length).includes(Buffer.from([2, 1, 5]))
  );
}
