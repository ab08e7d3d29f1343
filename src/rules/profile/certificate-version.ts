import { profileRule } from '../profile-rule.js';

/** Baseline Requirements section 7.1.1: certificates are of version 3; earlier ones can carry no extensions, so no names. */
export const certificateVersion = profileRule({
  id: 'certificate-version',
  title: 'Certificate is not of version 3',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.1; RFC 5280 section 4.1.2.1',
  remediation: 'Issue it again as version 3 with subjectAltName.',
  scope: 'all',
  roles: ['leaf', 'ca'],
  faults: ({ parsed: { version } }) =>
    version === 3 ? [] : [{ code: 'version', message: `it is of version ${version}` }],
});
