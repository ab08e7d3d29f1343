import { knownKeyHash } from '../../x509/keys/known-keys.js';
import { isOurs, withChain } from '../facts.js';
import type { CertificateRule } from '../rule.js';

/**
 * CA/Browser Forum Baseline Requirements section 6.1.1.3: a CA refuses a key that "has previously been [...] notified" as
 * compromised, such as Debian's of CVE-2008-0166; section 4.9.1.1 has certificates with one revoked within 24 hours. Which keys
 * are known is the operator's file (`keys.knownKeys`).
 */
export const compromisedKey: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'compromised-key',
  title: 'Private key is known to others',
  severity: 'critical',
  citation: 'CA/Browser Forum Baseline Requirements section 6.1.1.3 and 4.9.1.1',
  remediation:
    'Make a new key, replace every certificate with the old one, and have those revoked for key compromise.',
  appliesTo: (input) => isOurs(input) && input.keys !== undefined && input.certificate.key !== null,
  check(input) {
    // The form a key is looked up in takes longer than all else.
    if (input.keys === undefined || input.keys.compromised.size === 0) return null;
    const keys = withChain(input).flatMap(({ certificate, position }) => {
      const hash = knownKeyHash(certificate);
      return hash !== null && input.keys?.compromised.has(hash) === true
        ? [{ position, subject: certificate.subject, keySha256: hash, ...certificate.key }]
        : [];
    });
    return keys.length === 0 ? null : { details: { keys } };
  },
};
