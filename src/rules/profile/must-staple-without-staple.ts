import { profile } from '../profile-rule.js';
import type { CertificateRule } from '../rule.js';

const tlsFeature = '1.3.6.1.5.5.7.1.24';
/** status_request (5) or status_request_v2 (17) in the SEQUENCE OF INTEGER. */
const statusRequest = /020105|020111/;

/** RFC 7633 section 4.2.3.1: a server whose certificate asks for stapling and that staples nothing is refused by clients that know the extension. */
export const mustStapleWithoutStaple: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'must-staple-without-staple',
  title: 'Certificate demands stapling, none came',
  severity: 'error',
  citation: 'RFC 7633 section 4.2.3.1',
  remediation:
    'Switch OCSP stapling on in the server, or get a certificate without the TLS feature extension.',
  appliesTo: ({ source, asked, observation, certificate }) => {
    if (source !== 'served' || asked !== undefined || (observation?.tls ?? null) === null) return false;
    const feature = profile(certificate)?.parsed.present.get(tlsFeature);
    return feature !== undefined && statusRequest.test(Buffer.from(feature.value).toString('hex'));
  },
  check({ observation, certificate }) {
    const isStapled =
      (observation?.tls?.ocspResponse ?? null) !== null || observation?.survey?.ocspStapled === true;
    return isStapled ? null : { details: { tlsFeature: 'status_request', ocspUrls: certificate.ocspUrls } };
  },
};
