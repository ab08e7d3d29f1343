import { attributesOf } from '../attributes.js';
import { profileRule } from '../profile-rule.js';

/** Baseline Requirements sections 7.1.4.2.2 and 7.1.2.10.2: organizationalUnitName is gone from subjects, for nobody validated it. */
export const organizationalUnit = profileRule({
  id: 'organizational-unit',
  title: 'Subject names an organizational unit',
  severity: 'error',
  citation: 'Baseline Requirements sections 7.1.4.2.2 and 7.1.2.10.2',
  remediation: 'Order the certificate again without organizationalUnitName.',
  scope: 'public',
  roles: ['leaf', 'ca'],
  faults: ({ parsed: { subject }, role }) =>
    attributesOf(subject, 'organizationalUnit').map(({ text }) => ({
      code: 'organizational-unit',
      message: `organizationalUnitName is "${(text ?? '').slice(0, 64)}"`,
      from: role === 'leaf' ? 'br-leaf-no-ou' : 'br-ca-ou',
    })),
});
