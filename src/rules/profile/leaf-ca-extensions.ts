import { isPresent, type Extensions } from '../../x509/path/extensions.js';
import { profileRule } from '../profile-rule.js';

const names: readonly (keyof Extensions)[] = [
  'policyConstraints',
  'policyMappings',
  'inhibitAnyPolicy',
  'nameConstraints',
];

/** RFC 5280 sections 4.2.1.5, 4.2.1.10, 4.2.1.11 and 4.2.1.14: these extensions stand in CA certificates only. */
export const leafCaExtensions = profileRule({
  id: 'leaf-ca-extensions',
  title: 'Server certificate carries extensions of a CA',
  severity: 'error',
  citation: 'RFC 5280 sections 4.2.1.5, 4.2.1.10, 4.2.1.11 and 4.2.1.14',
  remediation: 'Have it issued again without them.',
  scope: 'all',
  roles: ['leaf'],
  faults: ({ parsed }) =>
    names
      .filter((name) => isPresent(parsed, name))
      .map((name) => ({ code: 'extension-of-ca', message: `there is ${name}` })),
});
