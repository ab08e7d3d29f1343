import { subjectCountry } from '../../../src/rules/profile/subject-country.js';
import { aLeaf, asked, askedPrivately, at, subject, testProfile } from '../profile-support.js';

const country = (text: string, type: string = at.C) => aLeaf({ subject: subject([type, text, 0x13]) });

testProfile(subjectCountry, [
  { name: 'passes NL', input: asked(country('NL')), expected: 'pass' },
  { name: 'passes XX, where there is no code', input: asked(country('XX')), expected: 'pass' },
  { name: 'passes a subject without country', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'flags small letters',
    input: asked(country('nl')),
    expected: 'country-not-upper-case',
    severity: 'error',
  },
  { name: 'flags UK', input: asked(country('UK')), expected: 'country-unknown' },
  { name: 'flags a name', input: asked(country('Netherlands')), expected: 'country-unknown' },
  {
    name: 'flags the country of jurisdiction',
    input: asked(country('ZZ', '1.3.6.1.4.1.311.60.2.1.3')),
    expected: 'country-unknown',
  },
  { name: 'does not apply to private CAs', input: askedPrivately(country('UK')), expected: 'not-applicable' },
]);
