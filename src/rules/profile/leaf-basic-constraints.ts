import { isCritical, isPresent } from '../../x509/path/extensions.js';
import { profileRule } from '../profile-rule.js';

/** Baseline Requirements section 7.1.2.7.8: where a server's certificate has basicConstraints, they are critical. */
export const leafBasicConstraints = profileRule({
  id: 'leaf-basic-constraints',
  title: 'Basic constraints are not critical',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.8',
  remediation: 'Have it issued again by a CA that follows the Baseline Requirements.',
  scope: 'public',
  roles: ['leaf'],
  faults: ({ parsed }) =>
    isPresent(parsed, 'basicConstraints') && !isCritical(parsed, 'basicConstraints')
      ? [
          {
            code: 'basic-constraints-not-critical',
            message: 'basicConstraints is not critical',
            from: 'br-profiles',
          },
        ]
      : [],
});
