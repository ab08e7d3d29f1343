import { attributeName, attributeTypes, reservedPolicies } from '../attributes.js';
import { profileRule } from '../profile-rule.js';

/** What only a validated organization or person may have in the subject. */
const validated: ReadonlySet<string> = new Set([
  attributeTypes.organization,
  attributeTypes.givenName,
  attributeTypes.surname,
  attributeTypes.street,
  attributeTypes.locality,
  attributeTypes.stateOrProvince,
  attributeTypes.postalCode,
]);
const allowed: ReadonlySet<string> = new Set([attributeTypes.country, attributeTypes.commonName]);

/** Baseline Requirements section 7.1.2.7.2: a domain-validated certificate names a country and a Common Name at most. */
export const subjectOfDv = profileRule({
  id: 'subject-of-dv',
  title: 'Domain-validated, yet names an organization',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.2',
  remediation: 'Have it issued again without these attributes, or as organization-validated.',
  scope: 'public',
  roles: ['leaf'],
  faults: ({ parsed: { subject }, policies }) =>
    !policies.includes(reservedPolicies.domain)
      ? []
      : subject.attributes
          .filter(({ type }) => !allowed.has(type))
          .map(({ type }) => ({
            code: 'attribute-not-validated',
            message: `a domain-validated certificate with ${attributeName(type)}`,
            from: validated.has(type) ? 'br-first' : 'br-profiles',
          })),
});
