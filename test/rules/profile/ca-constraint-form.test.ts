import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { ext, generalName, nameConstraints } from '../../support/chain.js';
import { caConstraintForm } from '../../../src/rules/profile/ca-constraint-form.js';
import { aCa, aLeaf, aRoot, asked, testProfile } from '../profile-support.js';

const constrained = (base: Buffer, critical = true) =>
  aCa({ extensions: { nc: nameConstraints([base], null, critical) } });
const mapping = (issuer: string) => ({ maps: ext.mappings([issuer, '1.2.3.5']) });

testProfile(caConstraintForm, [
  { name: 'passes a CA without', input: asked(aCa()), expected: 'pass' },
  {
    name: 'passes critical constraints',
    input: asked(constrained(generalName.dns('example.com'))),
    expected: 'pass',
  },
  {
    name: 'warns of constraints that are not critical',
    input: asked(constrained(generalName.dns('example.com'), false)),
    expected: 'name-constraints-not-critical',
    severity: 'warning',
  },
  {
    name: 'flags a leading dot',
    input: asked(constrained(generalName.dns('.example.com'))),
    expected: 'name-constraint-leading-dot',
    severity: 'error',
  },
  {
    name: 'warns of an odd form',
    input: asked(constrained(generalName.registeredId())),
    expected: 'name-constraint-form',
  },
  {
    name: 'flags constraints in a leaf',
    input: asked(aLeaf({ extensions: { nc: nameConstraints([generalName.dns('example.com')]) } })),
    expected: 'name-constraints-without-ca',
  },
  {
    name: 'flags a path length in a leaf',
    input: asked(aLeaf({ extensions: { basicConstraints: ext.basicConstraints(false, 0) } })),
    expected: 'path-length-without-ca',
  },
  {
    name: 'notices a path length in a root',
    input: asked(aRoot({ extensions: { basicConstraints: ext.basicConstraints(true, 1) } })),
    expected: 'path-length-in-root',
    severity: 'notice',
  },
  {
    name: 'passes a mapping of its own policy',
    input: asked(aCa({ extensions: mapping('2.23.140.1.2.1') })),
    expected: 'pass',
  },
  {
    name: 'warns of a mapping of another',
    input: asked(aCa({ extensions: mapping('1.2.3.4') })),
    expected: 'mapping-of-strange-policy',
  },
  {
    name: 'warns of a critical issuerAltName',
    input: asked(
      aCa({
        extensions: { ian: extension('2.5.29.18', true, der.sequence(generalName.dns('ca.example.com'))) },
      }),
    ),
    expected: 'issuer-alt-name-critical',
  },
  {
    name: 'does not apply to what is logged for others',
    input: asked(aCa(), { source: 'logged' }),
    expected: 'not-applicable',
  },
]);
