import { numberOf } from '../../lib/policy-dates.js';
import { rsaKeyOfCertificate } from '../../x509/keys/check-key.js';
import { isPresent } from '../../x509/path/extensions.js';
import { has } from '../attributes.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements sections 7.1.2.7.1, 7.1.2.7.6 and 6.1.6: what is NOT RECOMMENDED, and breaks nothing. Off unless switched on. */
export const notRecommended = profileRule({
  id: 'not-recommended',
  title: 'Certificate holds what is not recommended',
  severity: 'notice',
  citation: 'Baseline Requirements sections 7.1.2.7.1, 7.1.2.7.6 and 6.1.6',
  remediation: 'Nothing breaks; ask the CA for a leaner profile if it bothers you.',
  scope: 'public',
  roles: ['leaf'],
  isOptional: true,
  faults({ parsed, certificate }) {
    const faults: ProfileFault[] = [];
    if (has(parsed.subject, 'commonName'))
      faults.push({ code: 'common-name', message: 'there is a Common Name', from: 'br-profiles' });
    if (isPresent(parsed, 'subjectKeyId'))
      faults.push({
        code: 'subject-key-id',
        message: 'there is a subjectKeyIdentifier',
        from: 'br-profiles',
      });
    const exponent = rsaKeyOfCertificate(certificate)?.exponent;
    if (exponent !== undefined && exponent < BigInt(numberOf('br-rsa-exponent')))
      faults.push({ code: 'rsa-exponent', message: `the RSA exponent is ${exponent}` });
    return faults;
  },
});
