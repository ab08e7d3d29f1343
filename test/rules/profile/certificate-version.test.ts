import * as der from '../../support/der-writer.js';
import { certificateVersion } from '../../../src/rules/profile/certificate-version.js';
import { aLeaf, aRoot, asked, askedPrivately, testProfile } from '../profile-support.js';

const v2 = der.context(0, true, der.integer(1));

testProfile(certificateVersion, [
  { name: 'passes version 3', input: asked(aLeaf()), expected: 'pass' },
  { name: 'flags version 2', input: asked(aLeaf({ version: v2 })), expected: 'version', severity: 'error' },
  {
    name: "warns of a private CA's of version 1",
    input: askedPrivately(aLeaf({ version: null, bare: true })),
    expected: 'version',
    severity: 'warning',
  },
  { name: 'does not apply to roots', input: asked(aRoot()), expected: 'not-applicable' },
]);
