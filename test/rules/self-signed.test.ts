import type { Validation } from '../../src/model/validation.js';
import { selfSigned } from '../../src/rules/self-signed.js';
import { aCertificate, testRule } from './support.js';

const own = aCertificate({ isSelfIssued: true, authorityKeyId: null });

function validation(path: readonly string[]): Validation {
  return { verdict: path.length > 0 ? 'valid' : 'invalid', errors: [], rootStore: 'operator', path };
}

testRule(selfSigned, [
  {
    name: 'flags a certificate that is its own issuer',
    input: { certificate: own },
    expected: { severity: 'error', details: { subject: 'CN=www.example.com', rootStore: null } },
  },
  {
    name: 'flags one whose key identifiers agree',
    input: { certificate: { ...own, subjectKeyId: '01', authorityKeyId: '01' } },
    expected: {},
  },
  {
    name: 'passes one with equal names whose key identifiers differ: another key signed it',
    input: { certificate: { ...own, subjectKeyId: '01', authorityKeyId: '02' } },
    expected: 'pass',
  },
  {
    name: 'flags a self-signed CA that is served as a leaf',
    input: { certificate: { ...own, isCa: true }, validation: validation([]) },
    expected: { details: { rootStore: 'operator' } },
  },
  { name: 'passes a certificate of a CA', input: {}, expected: 'pass' },
  {
    name: 'passes one that the root store holds',
    input: { certificate: own, validation: validation([own.sha256]) },
    expected: 'pass',
  },
  {
    name: 'does not apply to the file of a root: being self-signed is its nature',
    input: { certificate: { ...own, isCa: true }, source: 'file' },
    expected: 'not-applicable',
  },
  { name: 'flags the file of a self-signed leaf', input: { certificate: own, source: 'file' }, expected: {} },
  {
    name: 'does not apply to a logged certificate',
    input: { certificate: own, source: 'logged' },
    expected: 'not-applicable',
  },
]);
