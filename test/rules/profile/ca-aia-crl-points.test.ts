import { caAiaCrlPoints } from '../../../src/rules/profile/ca-aia-crl-points.js';
import { aCa, aia, aLeaf, asked, crlPoints, testProfile } from '../profile-support.js';

testProfile(caAiaCrlPoints, [
  { name: 'passes http locations', input: asked(aCa()), expected: 'pass' },
  {
    name: 'flags a CA without CRL',
    input: asked(aCa({ extensions: { crls: null } })),
    expected: 'crl-points-missing',
    severity: 'error',
  },
  {
    name: 'warns of one without authorityInfoAccess',
    input: asked(aCa({ extensions: { aia: null } })),
    expected: 'aia-missing',
    severity: 'warning',
  },
  {
    name: 'flags https',
    input: asked(
      aCa({
        notBefore: new Date('2024-01-01T00:00:00Z'),
        extensions: { aia: aia(['issuer', 'https://i.example.com/']) },
      }),
    ),
    expected: 'aia-not-http',
  },
  {
    name: 'passes https before the profiles',
    input: asked(aCa({ extensions: { aia: aia(['issuer', 'https://i.example.com/']) } })),
    expected: 'pass',
  },
  {
    name: 'flags ldap beside http',
    input: asked(
      aCa({
        notBefore: new Date('2023-09-15T00:00:00Z'),
        extensions: { crls: crlPoints(['http://c.example.com/', 'ldap://c.example.com/']) },
      }),
    ),
    expected: 'crl-points-not-http',
  },
  { name: 'does not apply to leaves', input: asked(aLeaf()), expected: 'not-applicable' },
]);
