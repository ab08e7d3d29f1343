import { ext, generalName, nameConstraints } from '../../support/chain.js';
import { leafCaExtensions } from '../../../src/rules/profile/leaf-ca-extensions.js';
import { aCa, aLeaf, asked, testProfile } from '../profile-support.js';

const having = (extension: Buffer) => asked(aLeaf({ extensions: { more: extension } }));

testProfile(leafCaExtensions, [
  { name: 'passes a leaf without', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'flags policyConstraints',
    input: having(ext.policyConstraints(0)),
    expected: 'extension-of-ca',
    severity: 'error',
  },
  {
    name: 'flags policyMappings',
    input: having(ext.mappings(['1.2.3', '1.2.4'])),
    expected: 'extension-of-ca',
  },
  { name: 'flags inhibitAnyPolicy', input: having(ext.inhibitAny(0)), expected: 'extension-of-ca' },
  {
    name: 'flags nameConstraints',
    input: having(nameConstraints([generalName.dns('example.com')])),
    expected: 'extension-of-ca',
  },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
]);
