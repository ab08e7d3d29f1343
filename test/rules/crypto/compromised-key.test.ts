import type { KeyEvidence } from '../../../src/model/key-evidence.js';
import { compromisedKey } from '../../../src/rules/crypto/compromised-key.js';
import { aCertificate, testRule } from '../support.js';

const [rsa, ec, other] = ['a1', 'b2', 'c3'].map((octet) => octet.repeat(32)) as [string, string, string];
const keys: KeyEvidence = { compromised: new Set([rsa, ec]), sharedPrimes: new Map() };
const rsaKey = aCertificate({ modulusSha256: rsa, spkiSha256: other });

testRule(compromisedKey, [
  {
    name: 'flags an RSA key by its modulus',
    input: { keys, certificate: rsaKey },
    expected: { details: {} },
  },
  {
    name: 'flags another key by its SubjectPublicKeyInfo',
    input: { keys, certificate: aCertificate({ spkiSha256: ec }) },
    expected: { details: {} },
  },
  {
    name: 'flags the key of a served intermediate',
    input: { keys, certificate: aCertificate({ spkiSha256: other }), chain: [rsaKey] },
    expected: { details: {} },
  },
  {
    name: 'passes an RSA key whose SubjectPublicKeyInfo alone is listed',
    input: { keys, certificate: aCertificate({ modulusSha256: other, spkiSha256: ec }) },
    expected: 'pass',
  },
  { name: 'passes a key that is not listed', input: { keys, certificate: aCertificate() }, expected: 'pass' },
  {
    name: 'says nothing where no file was given',
    input: { certificate: rsaKey },
    expected: 'not-applicable',
  },
  {
    name: "says nothing of other people's logged certificates",
    input: {
      keys,
      source: 'logged',
      certificate: aCertificate({ modulusSha256: rsa, names: ['a.example.org'] }),
    },
    expected: 'not-applicable',
  },
]);
