import { malformedCertificate } from '../../../src/rules/profile/malformed-certificate.js';
import { aCertificate, testRule } from '../support.js';

const serial = { code: 'negative-serial', message: 'the serial number is -5', fatal: false };

testRule(malformedCertificate, [
  {
    name: 'flags a negative serial number',
    input: { certificate: aCertificate({ problems: [serial] }) },
    expected: {
      severity: 'warning',
      details: { problems: [{ code: 'negative-serial', message: 'the serial number is -5' }] },
    },
  },
  { name: 'passes a certificate without problems', input: {}, expected: 'pass' },
  {
    name: 'does not apply to an unreadable one, which has a rule of its own',
    input: {
      certificate: aCertificate({ problems: [serial, { code: 'not-der', message: 'x', fatal: true }] }),
    },
    expected: 'not-applicable',
  },
]);
