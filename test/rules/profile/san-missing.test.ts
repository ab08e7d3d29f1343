import { eku, ext } from '../../support/chain.js';
import { sanMissing } from '../../../src/rules/profile/san-missing.js';
import { aCa, aLeaf, asked, askedPrivately, testProfile } from '../profile-support.js';

const without = (purposes: Buffer | null) => aLeaf({ extensions: { san: null, eku: purposes } });

testProfile(sanMissing, [
  { name: 'passes a certificate with names', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'flags a server certificate without',
    input: asked(without(ext.eku([eku.server]))),
    expected: 'san-missing',
    severity: 'error',
  },
  { name: 'flags one for any purpose', input: asked(without(null)), expected: 'san-missing' },
  {
    name: "warns of a private CA's",
    input: askedPrivately(without(ext.eku([eku.server]))),
    expected: 'san-missing',
    severity: 'warning',
  },
  { name: 'passes a client certificate', input: asked(without(ext.eku([eku.client]))), expected: 'pass' },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
]);
