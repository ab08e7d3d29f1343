import { leafAia } from '../../../src/rules/profile/leaf-aia.js';
import { aCa, aia, aLeaf, asked, day, testProfile, type AccessLocation } from '../profile-support.js';

const good = [
  ['ocsp', 'http://o.example.com/'],
  ['issuer', 'http://i.example.com/i.crt'],
] as const;
const located = (...more: readonly AccessLocation[]) => aLeaf({ extensions: { aia: aia(...good, ...more) } });

testProfile(leafAia, [
  { name: 'passes http locations', input: asked(located()), expected: 'pass' },
  {
    name: 'flags https',
    input: asked(located(['ocsp', 'https://o.example.com/'])),
    expected: 'aia-not-http',
    severity: 'error',
  },
  {
    name: 'flags ldap',
    input: asked(located(['issuer', 'ldap://i.example.com/cn=x'])),
    expected: 'aia-not-http',
  },
  {
    name: 'passes https the second before the profiles',
    input: asked(
      aLeaf({
        notBefore: new Date('2023-09-14T23:59:59Z'),
        extensions: { aia: aia(...good, ['ocsp', 'https://o.example.com/']) },
      }),
    ),
    expected: 'pass',
  },
  { name: 'flags a location that comes twice', input: asked(located(good[0])), expected: 'aia-repeated' },
  {
    name: 'flags another method',
    input: asked(located(['other', 'http://x.example.com/'])),
    expected: 'aia-method',
  },
  {
    name: 'warns when the issuer is not named',
    input: asked(aLeaf({ extensions: { aia: aia(good[0]) } })),
    expected: 'aia-no-issuer',
    severity: 'warning',
  },
  {
    name: 'warns when it is missing',
    input: asked(aLeaf({ extensions: { aia: null } })),
    expected: 'aia-missing',
    severity: 'warning',
  },
  {
    name: 'passes a short-lived one without',
    input: asked(
      aLeaf({
        notBefore: day('2026-05-01'),
        notAfter: new Date('2026-05-07T23:59:59Z'),
        extensions: { aia: null },
      }),
    ),
    expected: 'pass',
  },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
]);
