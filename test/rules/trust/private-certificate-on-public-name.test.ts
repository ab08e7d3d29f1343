import { privateCertificateOnPublicName } from '../../../src/rules/trust/private-certificate-on-public-name.js';
import { publicRoot } from '../profile-support.js';
import { anObservation, aValidation, testRule } from '../support.js';

const observation = (address: string) =>
  anObservation({
    target: { host: 'www.example.com', address, port: 443, serverName: 'www.example.com', starttls: null },
  });
const own = aValidation({ path: ['aa'.repeat(32), 'bb'.repeat(32)], rootStore: 'file roots.pem 2026-01-01' });

testRule(privateCertificateOnPublicName, [
  {
    name: 'notices one below an own root at a public address',
    input: { observation: observation('8.8.8.8'), validation: own },
    expected: { severity: 'notice', details: { host: 'www.example.com', address: '8.8.8.8' } },
  },
  {
    name: 'passes one at a private address',
    input: { observation: observation('10.0.0.1'), validation: own },
    expected: 'pass',
  },
  {
    name: 'passes an internal name',
    input: { observation: observation('8.8.8.8'), host: 'db.internal', validation: own },
    expected: 'pass',
  },
  {
    name: 'passes one of a public CA',
    input: {
      observation: observation('8.8.8.8'),
      validation: aValidation({ path: ['aa'.repeat(32), publicRoot] }),
    },
    expected: 'pass',
  },
  {
    name: 'does not apply without a path',
    input: { observation: observation('8.8.8.8'), validation: aValidation() },
    expected: 'not-applicable',
  },
]);
