import { ext } from '../../support/chain.js';
import { caPolicies } from '../../../src/rules/profile/ca-policies.js';
import { aCa, aLeaf, aRoot, asked, day, testProfile } from '../profile-support.js';

const holding = (policies: Buffer | null, notBefore = day('2024-01-01')) =>
  aCa({ notBefore, extensions: { policies } });
const any = '2.5.29.32.0';

testProfile(caPolicies, [
  {
    name: 'passes one reserved policy',
    input: asked(holding(ext.policies('2.23.140.1.2.1', '1.2.3.4'))),
    expected: 'pass',
  },
  { name: 'passes anyPolicy alone', input: asked(holding(ext.policies(any))), expected: 'pass' },
  { name: 'flags none', input: asked(holding(null)), expected: 'policies-missing', severity: 'error' },
  {
    name: 'flags several reserved ones',
    input: asked(holding(ext.policies('2.23.140.1.2.1', '2.23.140.1.2.2'))),
    expected: 'policies-several-reserved',
  },
  {
    name: 'flags anyPolicy beside others',
    input: asked(holding(ext.policies(any, '1.2.3.4'))),
    expected: 'policies-any-with-others',
  },
  {
    name: 'flags no reserved one',
    input: asked(holding(ext.policies('1.2.3.4'))),
    expected: 'policies-none-reserved',
  },
  {
    name: 'passes it the second before the profiles',
    input: asked(holding(ext.policies('1.2.3.4'), new Date('2023-09-14T23:59:59Z'))),
    expected: 'pass',
  },
  {
    name: 'flags it in their first second',
    input: asked(holding(ext.policies('1.2.3.4'), day('2023-09-15'))),
    expected: 'policies-none-reserved',
  },
  { name: 'passes a root without', input: asked(aRoot()), expected: 'pass' },
  {
    name: 'warns of a root with policies',
    input: asked(aRoot({ extensions: { policies: ext.policies(any) } })),
    expected: 'policies-in-root',
    severity: 'warning',
  },
  { name: 'does not apply to leaves', input: asked(aLeaf()), expected: 'not-applicable' },
]);
