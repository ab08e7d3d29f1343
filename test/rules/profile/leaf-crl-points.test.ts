import { leafCrlPoints } from '../../../src/rules/profile/leaf-crl-points.js';
import { aCa, aia, aLeaf, asked, crlPoints, day, testProfile } from '../profile-support.js';

const points = (crls: Buffer | null, more: object = {}) =>
  aLeaf({ ...more, extensions: { crls, aia: aia(['issuer', 'http://i.example.com/']) } });

testProfile(leafCrlPoints, [
  { name: 'passes an http URL', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'flags neither CRL nor OCSP',
    input: asked(points(null)),
    expected: 'crl-points-missing',
    severity: 'error',
  },
  { name: 'passes OCSP alone', input: asked(aLeaf({ extensions: { crls: null } })), expected: 'pass' },
  {
    name: 'passes a short-lived one, to the second',
    input: asked(points(null, { notBefore: day('2026-05-01'), notAfter: new Date('2026-05-07T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags one a second longer',
    input: asked(points(null, { notBefore: day('2026-05-01'), notAfter: day('2026-05-08') })),
    expected: 'crl-points-missing',
  },
  {
    name: 'passes ten days before March 2026',
    input: asked(points(null, { notBefore: day('2026-01-01'), notAfter: new Date('2026-01-10T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags https',
    input: asked(points(crlPoints(['https://c.example.com/1.crl']))),
    expected: 'crl-points-not-http',
  },
  {
    name: 'flags a critical extension',
    input: asked(points(crlPoints(['http://c.example.com/1.crl'], true))),
    expected: 'crl-points-critical',
  },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
]);
