import { has, type AttributeName } from '../attributes.js';
import { profileRule } from '../profile-rule.js';

const needed: readonly (readonly [type: AttributeName, from: string])[] = [
  ['country', 'br-first'],
  ['organization', 'br-first'],
  ['commonName', 'br-ca-common-name'],
];

/** Baseline Requirements section 7.1.2.10.2: a CA's subject names a country, an organization and a Common Name. */
export const caSubject = profileRule({
  id: 'ca-subject',
  title: 'Subject of a CA lacks attributes',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.10.2',
  remediation: 'Report it to the CA; use another intermediate where there is one.',
  scope: 'public',
  roles: ['ca', 'root'],
  faults: ({ parsed: { subject } }) =>
    needed
      .filter(([type]) => !has(subject, type))
      .map(([type, from]) => ({ code: 'attribute-missing', message: `the subject has no ${type}`, from })),
});
