import { publicCertificateOnPrivateName } from '../../../src/rules/trust/public-certificate-on-private-name.js';
import { aLeaf, asked, askedPrivately } from '../profile-support.js';
import { anObservation, testRule } from '../support.js';

const observation = (address: string) =>
  anObservation({
    target: { host: 'www.example.com', address, port: 443, serverName: 'www.example.com', starttls: null },
  });

testRule(publicCertificateOnPrivateName, [
  {
    name: 'notices one at a private address',
    input: asked(aLeaf(), { observation: observation('10.1.2.3') }),
    expected: { severity: 'notice', details: { address: '10.1.2.3' } },
  },
  {
    name: 'notices one at a unique local address',
    input: asked(aLeaf(), { observation: observation('fd00::1') }),
    expected: { severity: 'notice' },
  },
  {
    name: 'passes one at a public address',
    input: asked(aLeaf(), { observation: observation('8.8.8.8') }),
    expected: 'pass',
  },
  {
    name: 'does not apply to this machine',
    input: asked(aLeaf(), { observation: observation('127.0.0.1') }),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to private CAs',
    input: { ...askedPrivately(aLeaf()), observation: observation('10.1.2.3') },
    expected: 'not-applicable',
  },
]);
