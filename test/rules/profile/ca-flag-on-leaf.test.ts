import { caFlagOnLeaf } from '../../../src/rules/profile/ca-flag-on-leaf.js';
import { aCertificate, testRule } from '../support.js';

testRule(caFlagOnLeaf, [
  { name: 'passes a server certificate', input: {}, expected: 'pass' },
  {
    name: 'flags a CA that answers as a server',
    input: { certificate: aCertificate({ isCa: true }) },
    expected: { severity: 'error' },
  },
  {
    name: 'notices a self-signed one',
    input: { certificate: aCertificate({ isCa: true, isSelfIssued: true }) },
    expected: { severity: 'notice' },
  },
  {
    name: 'does not apply to the file of a CA',
    input: {
      source: 'file',
      certificate: aCertificate({ isCa: true, names: [], dnsNames: [], commonNames: ['Some CA'] }),
    },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to logged ones',
    input: { source: 'logged', certificate: aCertificate({ isCa: true }) },
    expected: 'not-applicable',
  },
]);
