import { attributesOf, type AttributeName } from '../attributes.js';
import { isCountryCode } from '../country-codes.js';
import { profileRule } from '../profile-rule.js';

const types: readonly AttributeName[] = ['country', 'jurisdictionCountry'];

/** Baseline Requirements section 7.1.4.2: the country is a two-letter ISO 3166-1 code, or XX where there is none. */
export const subjectCountry = profileRule({
  id: 'subject-country',
  title: 'Country is not an ISO 3166 code',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.4.2.2; ISO 3166-1',
  remediation: 'Order the certificate again with the two-letter code of the country, in capitals.',
  scope: 'public',
  roles: ['leaf', 'ca', 'root'],
  faults: ({ parsed: { subject } }) =>
    types.flatMap((type) =>
      attributesOf(subject, type).flatMap(({ text }) => {
        const value = text ?? '';
        if (isCountryCode(value) || value === 'XX') return [];
        const message = `${type} is "${value.slice(0, 20)}"`;
        const isCase = isCountryCode(value.toUpperCase());
        return [{ code: isCase ? 'country-not-upper-case' : 'country-unknown', message, from: 'br-first' }];
      }),
    ),
});
