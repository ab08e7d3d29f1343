import { incompleteChain } from '../../../src/rules/trust/incomplete-chain.js';
import { aCertificate, aValidation, testRule } from '../support.js';

const error = (code: string) => [{ code, message: 'x', section: 'RFC 5280 section 6.1' }];
const noIssuer = aValidation({ verdict: 'invalid', errors: error('no-issuer') });
const url = 'http://ca.example.com/i.crt';
const leaf = aCertificate({ caIssuerUrls: [url], issuerSha256: '01', subjectSha256: '00' });
const issuer = aCertificate({
  subjectSha256: '01',
  issuerSha256: '02',
  issuer: 'CN=Root',
  caIssuerUrls: ['http://ca.example.com/r.crt'],
});

testRule(incompleteChain, [
  {
    name: 'flags a leaf alone, and names what is missing',
    input: { certificate: leaf, validation: noIssuer },
    expected: { severity: 'warning', details: { missing: leaf.issuer, from: [url], sent: 1 } },
  },
  {
    name: 'follows what was sent',
    input: { certificate: leaf, chain: [issuer], validation: noIssuer },
    expected: { details: { missing: 'CN=Root', sent: 2 } },
  },
  { name: 'passes a valid path', input: { certificate: leaf, validation: aValidation() }, expected: 'pass' },
  {
    name: 'passes other faults',
    input: { certificate: leaf, validation: aValidation({ verdict: 'invalid', errors: error('expired') }) },
    expected: 'pass',
  },
  {
    name: 'passes a chain up to an untrusted root',
    input: {
      certificate: leaf,
      chain: [{ ...issuer, isSelfIssued: true, issuerSha256: '01' }],
      validation: noIssuer,
    },
    expected: 'pass',
  },
  {
    name: 'passes where the certificate names no issuer to fetch',
    input: { certificate: aCertificate(), validation: noIssuer },
    expected: 'pass',
  },
  {
    name: 'does not apply to self-issued certificates',
    input: { certificate: aCertificate({ isSelfIssued: true }), validation: noIssuer },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to files',
    input: { certificate: leaf, source: 'file', validation: noIssuer },
    expected: 'not-applicable',
  },
]);
