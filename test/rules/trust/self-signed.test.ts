import type { Validation } from '../../../src/model/validation.js';
import { selfSigned } from '../../../src/rules/trust/self-signed.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { issue, issueCa, issueFor } from '../../support/pki.js';
import { aCertificate, aValidation, testRule } from '../support.js';

const own = readCertificate(issueFor('www.example.com').der);
const ownCa = readCertificate(issueCa('www.example.com').der);
const root = readCertificate(issueCa('Our Root').der);
/** A usual mistake: CA and server got the same name. */
const sameName = readCertificate(issue({ subject: 'Same', bare: true, issuer: issueCa('Same') }).der);

function validation(path: readonly string[]): Validation {
  return aValidation({ verdict: path.length > 0 ? 'valid' : 'invalid', rootStore: 'operator', path });
}

testRule(selfSigned, [
  {
    name: 'flags a certificate that is its own issuer',
    input: { certificate: own },
    expected: { severity: 'error', details: { subject: 'CN=www.example.com', rootStore: null } },
  },
  {
    name: 'passes one whose CA has the same name: another key signed it',
    input: { certificate: sameName },
    expected: 'pass',
  },
  {
    name: 'passes one whose signature was broken: it may be anything, but not self-signed',
    input: {
      certificate: readCertificate(
        issueFor('www.example.com').der.map((octet, at, { length }) =>
          at === length - 1 ? octet ^ 1 : octet,
        ),
      ),
    },
    expected: 'pass',
  },
  {
    name: 'passes garbage that claims equal names',
    input: { certificate: aCertificate({ isSelfIssued: true }) },
    expected: 'pass',
  },
  {
    name: 'flags a self-signed CA that is served as a leaf',
    input: { certificate: ownCa, validation: validation([]) },
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
    input: { certificate: root, source: 'file' },
    expected: 'not-applicable',
  },
  {
    name: "flags the file of a server's certificate that is marked as a CA",
    input: { certificate: ownCa, source: 'file' },
    expected: {},
  },
  { name: 'flags the file of a self-signed leaf', input: { certificate: own, source: 'file' }, expected: {} },
  {
    name: 'does not apply to a logged certificate',
    input: { certificate: own, source: 'logged' },
    expected: 'not-applicable',
  },
]);
