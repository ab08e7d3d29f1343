import { attributeName, attributeTypes } from '../attributes.js';
import { profileRule } from '../profile-rule.js';

/** Upper bounds in characters (RFC 5280 appendix A.1, X.520). */
const bounds: Readonly<Record<string, number>> = {
  [attributeTypes.commonName]: 64,
  [attributeTypes.surname]: 40,
  [attributeTypes.givenName]: 16,
  [attributeTypes.serialNumber]: 64,
  [attributeTypes.country]: 2,
  [attributeTypes.locality]: 128,
  [attributeTypes.stateOrProvince]: 128,
  [attributeTypes.street]: 128,
  [attributeTypes.organization]: 64,
  [attributeTypes.organizationalUnit]: 64,
  [attributeTypes.title]: 64,
  [attributeTypes.postalCode]: 40,
  [attributeTypes.domainComponent]: 63,
  [attributeTypes.emailAddress]: 255,
};

/** RFC 5280 raised the bounds of these (ub-name 32768), X.520 keeps the lower ones as advice. */
const advised: ReadonlySet<string> = new Set([attributeTypes.surname, attributeTypes.givenName]);

/** RFC 5280 appendix A.1 bounds the length of every attribute: `ub-common-name` 64, `ub-organization-name` 64 and so on. */
export const subjectLength = profileRule({
  id: 'subject-length',
  title: 'Subject attribute is too long',
  severity: 'error',
  citation: 'RFC 5280 appendix A.1 (upper bounds)',
  remediation: 'Ask for a certificate with shorter values; programs may cut or refuse longer ones.',
  scope: 'all',
  roles: ['leaf', 'ca', 'root'],
  faults: ({ parsed }) =>
    parsed.subject.attributes.flatMap(({ type, text }) => {
      const most = bounds[type];
      const length = [...(text ?? '')].length;
      if (most === undefined || length <= most) return [];
      const message = `${attributeName(type)} has ${length} characters, more than ${most}`;
      return [{ code: 'attribute-too-long', message, ...(advised.has(type) ? { severity: 'warning' } : {}) }];
    }),
});
