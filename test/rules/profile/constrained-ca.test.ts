import { generalName, name, nameConstraints } from '../../support/chain.js';
import { constrainedCa } from '../../../src/rules/profile/constrained-ca.js';
import { aCa, aLeaf, asked, testProfile } from '../profile-support.js';

const { dns, octets, directory } = generalName;
const all = [dns('example.com'), octets(8, 8, 8, 0, 255, 255, 255, 0), directory(name(['2.5.4.6', 'NL']))];
const constrained = (bases: readonly Buffer[], notBefore = new Date('2024-01-01T00:00:00Z')) =>
  aCa({ notBefore, extensions: { nc: nameConstraints(bases) } });

testProfile(constrainedCa, [
  { name: 'passes a CA without constraints', input: asked(aCa()), expected: 'pass' },
  { name: 'passes constraints of all three forms', input: asked(constrained(all)), expected: 'pass' },
  {
    name: 'warns of a gap',
    input: asked(constrained(all.slice(0, 2))),
    expected: 'form-unconstrained',
    severity: 'warning',
  },
  {
    name: 'passes a gap before the profiles',
    input: asked(constrained(all.slice(0, 1), new Date('2023-09-14T23:59:59Z'))),
    expected: 'pass',
  },
  { name: 'does not apply to leaves', input: asked(aLeaf()), expected: 'not-applicable' },
]);
