import { isInUse, isFileOfCa } from '../facts.js';
import type { CertificateRule } from '../rule.js';

/**
 * Baseline Requirements section 7.1.2.7.8: a server's certificate is no CA. Who gets at the key of one can issue certificates for every name
 * below it; Firefox refuses it.
 */
export const caFlagOnLeaf: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'ca-flag-on-leaf',
  title: 'Server certificate is marked as a CA',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.8; RFC 5280 section 4.2.1.9',
  remediation:
    'Issue a certificate with basicConstraints cA FALSE for the server, and keep the CA key off it.',
  appliesTo: (input) => isInUse(input) && !isFileOfCa(input),
  check({ certificate: { isCa, isSelfIssued, subject } }) {
    if (!isCa) return null;
    // `openssl req -x509` marks every self-signed certificate so; it signs for itself only.
    return isSelfIssued ? { details: { subject }, severity: 'notice' } : { details: { subject } };
  },
};
