import { wrongChainOrder } from '../../../src/rules/trust/wrong-chain-order.js';
import { aCertificate, testRule } from '../support.js';

const link = (subject: string, issuer: string) =>
  aCertificate({
    subject: `CN=${subject}`,
    subjectSha256: subject,
    issuer: `CN=${issuer}`,
    issuerSha256: issuer,
  });
const leaf = link('leaf', 'a');
const [a, b, stranger] = [link('a', 'b'), link('b', 'root'), link('x', 'y')];

testRule(wrongChainOrder, [
  { name: 'passes issuers in turn', input: { certificate: leaf, chain: [a, b] }, expected: 'pass' },
  {
    name: 'flags issuers in reverse',
    input: { certificate: leaf, chain: [b, a] },
    expected: { severity: 'warning', details: { position: 1, found: 'CN=b', expected: 'CN=a' } },
  },
  {
    name: 'notices a stranger',
    input: { certificate: leaf, chain: [a, stranger] },
    expected: { severity: 'notice', details: { position: 2 } },
  },
  { name: 'does not apply to a leaf alone', input: { certificate: leaf }, expected: 'not-applicable' },
  {
    name: 'does not apply to logged chains',
    input: { source: 'logged', chain: [b, a] },
    expected: 'not-applicable',
  },
]);
