import type { Validation } from '../../../src/model/validation.js';
import { untrustedChain } from '../../../src/rules/trust/untrusted-chain.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { issueFor } from '../../support/pki.js';
import { aCertificate, aValidation, later, testRule } from '../support.js';

function saying(...codes: readonly string[]): Validation {
  const errors = codes.map((code) => ({
    code,
    message: `${code} happened`,
    section: 'RFC 5280 section 6.1',
  }));
  return aValidation({
    verdict: codes.length === 0 ? 'valid' : 'invalid',
    errors,
    rootStore: 'mozilla 2026-08-01',
  });
}

testRule(untrustedChain, [
  {
    name: 'flags a certificate without a path and names the root store and what was served',
    input: { validation: saying('no-issuer'), chain: [aCertificate({ subject: 'CN=Intermediate' })] },
    expected: {
      severity: 'error',
      details: {
        rootStore: 'mozilla 2026-08-01',
        issuer: 'CN=R3,O=Good CA,C=NL',
        served: ['CN=Intermediate'],
        errors: [{ code: 'no-issuer', message: 'no-issuer happened' }],
      },
    },
  },
  { name: 'passes a valid path', input: { validation: saying() }, expected: 'pass' },
  {
    name: 'leaves the date of an expired leaf to the rule expired',
    input: { validation: saying('expired'), certificate: aCertificate({ notAfter: later(-1) }) },
    expected: 'pass',
  },
  {
    name: 'flags an expired intermediate above a leaf in its time',
    input: { validation: saying('expired') },
    expected: { details: { errors: [{ code: 'expired', message: 'expired happened' }] } },
  },
  {
    name: 'flags an expired intermediate at the very end of the leaf',
    input: { validation: saying('expired'), certificate: aCertificate({ notAfter: later(0) }) },
    expected: {},
  },
  {
    name: 'leaves a leaf from the future to the rule not-yet-valid',
    input: { validation: saying('not-yet-valid'), certificate: aCertificate({ notBefore: later(1) }) },
    expected: 'pass',
  },
  {
    name: 'leaves the name to the rule hostname-mismatch',
    input: { validation: saying('name-mismatch') },
    expected: 'pass',
  },
  {
    name: 'tells only what concerns the path',
    input: { validation: saying('name-mismatch', 'path-length-exceeded') },
    expected: {
      details: { errors: [{ code: 'path-length-exceeded', message: 'path-length-exceeded happened' }] },
    },
  },
  {
    name: 'does not apply to a self-signed certificate',
    input: {
      validation: saying('no-issuer'),
      certificate: readCertificate(issueFor('www.example.com').der),
    },
    expected: 'not-applicable',
  },
  {
    name: 'applies where names are equal but another key signed',
    input: { validation: saying('no-issuer'), certificate: aCertificate({ isSelfIssued: true }) },
    expected: {},
  },
  { name: 'does not apply where no path was looked for', input: {}, expected: 'not-applicable' },
  {
    name: 'does not apply to a logged certificate',
    input: { validation: saying('no-issuer'), source: 'logged' },
    expected: 'not-applicable',
  },
]);
