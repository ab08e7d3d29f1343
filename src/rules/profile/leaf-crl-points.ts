import { isCritical, isPresent } from '../../x509/path/extensions.js';
import { lifetimeSeconds } from '../../x509/path/web-pki.js';
import { crlPointFaults } from '../crl-points.js';
import { profileRule } from '../profile-rule.js';
import { isShortLived } from '../short-lived.js';

/** Baseline Requirements section 7.1.2.11.2: CRL distribution points unless OCSP is named or the certificate is short-lived; http only. */
export const leafCrlPoints = profileRule({
  id: 'leaf-crl-points',
  title: 'CRL distribution points are missing or wrong',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.11.2',
  remediation: 'Have it issued again: without a working pointer clients cannot learn that it was revoked.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed, certificate }) {
    if (!isPresent(parsed, 'crlDistributionPoints')) {
      const isExempt =
        certificate.ocspUrls.length > 0 || isShortLived(certificate.notBefore, lifetimeSeconds(parsed));
      const message = 'neither CRL distribution points nor OCSP';
      return isExempt ? [] : [{ code: 'crl-points-missing', message, from: 'br-crldp-required' }];
    }
    return crlPointFaults(
      parsed.extensions.crlDistributionPoints?.value ?? [],
      isCritical(parsed, 'crlDistributionPoints'),
    );
  },
});
