import { ext } from '../../support/chain.js';
import { leafBasicConstraints } from '../../../src/rules/profile/leaf-basic-constraints.js';
import { aCa, aLeaf, asked, day, testProfile } from '../profile-support.js';

const uncritical = (notBefore: Date) =>
  aLeaf({ notBefore, extensions: { basicConstraints: ext.basicConstraints(false, undefined, false) } });

testProfile(leafBasicConstraints, [
  { name: 'passes critical ones', input: asked(aLeaf()), expected: 'pass' },
  { name: 'passes none', input: asked(aLeaf({ extensions: { basicConstraints: null } })), expected: 'pass' },
  {
    name: 'passes uncritical ones the second before the profiles',
    input: asked(uncritical(new Date('2023-09-14T23:59:59Z'))),
    expected: 'pass',
  },
  {
    name: 'flags them in their first second',
    input: asked(uncritical(day('2023-09-15'))),
    expected: 'basic-constraints-not-critical',
    severity: 'error',
  },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
]);
