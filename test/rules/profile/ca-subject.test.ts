import { caSubject } from '../../../src/rules/profile/ca-subject.js';
import { aCa, aLeaf, aRoot, asked, at, day, subject, testProfile } from '../profile-support.js';

const unnamed = subject([at.C, 'NL'], [at.O, 'Org']);

testProfile(caSubject, [
  { name: 'passes country, organization and Common Name', input: asked(aCa()), expected: 'pass' },
  { name: 'passes such a root', input: asked(aRoot()), expected: 'pass' },
  {
    name: 'flags one without country',
    input: asked(aCa({ subject: subject([at.O, 'Org'], [at.CN, 'CA']) })),
    expected: 'attribute-missing',
    severity: 'error',
  },
  {
    name: 'flags one without Common Name',
    input: asked(aCa({ subject: unnamed })),
    expected: 'attribute-missing',
  },
  {
    name: 'passes it the second before the rule',
    input: asked(aCa({ subject: unnamed, notBefore: new Date('2017-06-07T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags it from the first second of the rule',
    input: asked(aCa({ subject: unnamed, notBefore: day('2017-06-08') })),
    expected: 'attribute-missing',
  },
  { name: 'does not apply to leaves', input: asked(aLeaf()), expected: 'not-applicable' },
]);
