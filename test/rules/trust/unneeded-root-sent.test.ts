import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { unneededRootSent } from '../../../src/rules/trust/unneeded-root-sent.js';
import { issueCa } from '../../support/pki.js';
import { testRule } from '../support.js';

const ca = issueCa('Root');
const root = readCertificate(ca.der);
const intermediate = readCertificate(issueCa('Issuer', { issuer: ca }).der);

testRule(unneededRootSent, [
  {
    name: 'notices a root behind the intermediate',
    input: { chain: [intermediate, root] },
    expected: { severity: 'notice', details: { subject: 'CN=Root', bytes: root.der.length } },
  },
  { name: 'passes intermediates', input: { chain: [intermediate] }, expected: 'pass' },
  { name: 'does not apply to a leaf alone', input: {}, expected: 'not-applicable' },
  {
    name: 'does not apply to logged chains, which end in the root',
    input: { source: 'logged', chain: [intermediate, root] },
    expected: 'not-applicable',
  },
]);
