import { organizationalUnit } from '../../../src/rules/profile/organizational-unit.js';
import { aCa, aLeaf, asked, askedPrivately, at, day, subject, testProfile } from '../profile-support.js';

const unit = subject([at.OU, 'Domain Control Validated'], [at.CN, 'www.example.com']);

testProfile(organizationalUnit, [
  { name: 'passes a subject without', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'flags one',
    input: asked(aLeaf({ subject: unit })),
    expected: 'organizational-unit',
    severity: 'error',
  },
  {
    name: 'passes the second before the rule',
    input: asked(aLeaf({ subject: unit, notBefore: new Date('2022-08-31T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags the first second of the rule',
    input: asked(aLeaf({ subject: unit, notBefore: day('2022-09-01') })),
    expected: 'organizational-unit',
  },
  {
    name: 'passes a CA before its date',
    input: asked(aCa({ subject: unit, notBefore: new Date('2023-09-14T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags a CA from its date',
    input: asked(aCa({ subject: unit, notBefore: day('2023-09-15') })),
    expected: 'organizational-unit',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(aLeaf({ subject: unit })),
    expected: 'not-applicable',
  },
]);
