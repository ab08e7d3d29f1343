import { ext } from '../../support/chain.js';
import { subjectOfOvIv } from '../../../src/rules/profile/subject-of-ov-iv.js';
import { aLeaf, asked, askedPrivately, at, day, subject, testProfile } from '../profile-support.js';

const GIVEN = '2.5.4.42';
const SURNAME = '2.5.4.4';
const ov = (name: Buffer) =>
  aLeaf({ subject: name, extensions: { policies: ext.policies('2.23.140.1.2.2') } });
const iv = (name: Buffer) =>
  aLeaf({ subject: name, extensions: { policies: ext.policies('2.23.140.1.2.3') } });

testProfile(subjectOfOvIv, [
  {
    name: 'passes a complete organization',
    input: asked(ov(subject([at.C, 'NL'], [at.L, 'Delft'], [at.O, 'Org']))),
    expected: 'pass',
  },
  {
    name: 'passes one with a state',
    input: asked(ov(subject([at.C, 'NL'], [at.ST, 'ZH'], [at.O, 'Org']))),
    expected: 'pass',
  },
  {
    name: 'flags one without organization',
    input: asked(ov(subject([at.CN, 'x']))),
    expected: 'attribute-missing',
    severity: 'error',
  },
  {
    name: 'flags one without place',
    input: asked(ov(subject([at.C, 'NL'], [at.O, 'Org']))),
    expected: 'attribute-missing',
  },
  {
    name: 'flags a person in an organization',
    input: asked(ov(subject([at.C, 'NL'], [at.L, 'Delft'], [at.O, 'Org'], [SURNAME, 'X'], [GIVEN, 'Y']))),
    expected: 'person-in-organization',
  },
  {
    name: 'passes a complete person',
    input: asked(iv(subject([at.C, 'NL'], [at.L, 'Delft'], [SURNAME, 'X'], [GIVEN, 'Y']))),
    expected: 'pass',
  },
  {
    name: 'flags a person without a name',
    input: asked(iv(subject([at.C, 'NL'], [at.L, 'Delft']))),
    expected: 'attribute-missing place-of-nobody',
  },
  {
    name: 'flags a place of nobody',
    input: asked(aLeaf({ subject: subject([at.L, 'Delft']) })),
    expected: 'place-of-nobody',
  },
  {
    name: 'passes it the second before the rule',
    input: asked(aLeaf({ subject: subject([at.L, 'Delft']), notBefore: new Date('2016-09-06T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags it from the first second of the rule',
    input: asked(aLeaf({ subject: subject([at.L, 'Delft']), notBefore: day('2016-09-07') })),
    expected: 'place-of-nobody',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(ov(subject([at.CN, 'x']))),
    expected: 'not-applicable',
  },
]);
