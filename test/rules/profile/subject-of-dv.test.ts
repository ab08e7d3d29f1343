import { ext } from '../../support/chain.js';
import { subjectOfDv } from '../../../src/rules/profile/subject-of-dv.js';
import { aLeaf, asked, askedPrivately, at, day, subject, testProfile } from '../profile-support.js';

const named = subject([at.O, 'Org'], [at.CN, 'www.example.com']);
const unit = subject([at.OU, 'Unit'], [at.CN, 'www.example.com']);

testProfile(subjectOfDv, [
  {
    name: 'passes country and Common Name',
    input: asked(aLeaf({ subject: subject([at.C, 'NL'], [at.CN, 'x']) })),
    expected: 'pass',
  },
  {
    name: 'flags an organization',
    input: asked(aLeaf({ subject: named })),
    expected: 'attribute-not-validated',
    severity: 'error',
  },
  {
    name: 'flags an organization of 2012',
    input: asked(aLeaf({ subject: named, notBefore: day('2012-07-01') })),
    expected: 'attribute-not-validated',
  },
  {
    name: 'passes other attributes before the profiles',
    input: asked(aLeaf({ subject: unit, notBefore: new Date('2023-09-14T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags other attributes since the profiles',
    input: asked(aLeaf({ subject: unit, notBefore: day('2023-09-15') })),
    expected: 'attribute-not-validated',
  },
  {
    name: 'passes an organization that was validated',
    input: asked(aLeaf({ subject: named, extensions: { policies: ext.policies('2.23.140.1.2.2') } })),
    expected: 'pass',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(aLeaf({ subject: named })),
    expected: 'not-applicable',
  },
]);
