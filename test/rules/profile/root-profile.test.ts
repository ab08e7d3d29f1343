import { eku, ext } from '../../support/chain.js';
import { rootProfile } from '../../../src/rules/profile/root-profile.js';
import { aCa, aRoot, asked, day, testProfile } from '../profile-support.js';

testProfile(rootProfile, [
  { name: 'passes 20 years', input: asked(aRoot()), expected: 'pass' },
  {
    name: 'flags 7 years',
    input: asked(aRoot({ notAfter: day('2031-01-01') })),
    expected: 'root-lifetime',
    severity: 'error',
  },
  { name: 'flags 26 years', input: asked(aRoot({ notAfter: day('2050-01-01') })), expected: 'root-lifetime' },
  {
    name: 'passes them before the profiles',
    input: asked(aRoot({ notBefore: new Date('2023-09-14T23:59:59Z'), notAfter: day('2050-01-01') })),
    expected: 'pass',
  },
  {
    name: 'flags extendedKeyUsage',
    input: asked(aRoot({ extensions: { eku: ext.eku([eku.server]) } })),
    expected: 'root-eku',
  },
  {
    name: 'flags the key identifier of another',
    input: asked(aRoot({ extensions: { aki: ext.aki(Buffer.alloc(20, 9)) } })),
    expected: 'root-key-id',
  },
  { name: 'does not apply to other CAs', input: asked(aCa()), expected: 'not-applicable' },
]);
