import type { KeyEvidence } from '../../../src/model/key-evidence.js';
import { sharedPrime } from '../../../src/rules/crypto/shared-prime.js';
import { aCertificate, testRule } from '../support.js';

const [one, two, lone] = ['a1', 'b2', 'c3'].map((octet) => octet.repeat(32)) as [string, string, string];
const holder = (modulusSha256: string, name: string) => ({
  modulusSha256,
  certificateSha256: 'dd'.repeat(32),
  subject: `CN=${name}`,
});
const evidence = {
  primeBits: 1024,
  primeSha256: 'ee'.repeat(32),
  holders: [holder(one, 'one'), holder(two, 'two')],
};
const keys: KeyEvidence = {
  compromised: new Set(),
  sharedPrimes: new Map([
    [one, evidence],
    [two, evidence],
  ]),
};
const key = { type: 'RSA', bits: 2048, curve: null };
const flagged = (subject: string, modulusSha256: string, position: number, other: string) => ({
  severity: 'critical' as const,
  details: {
    keys: [
      {
        position,
        subject,
        bits: 2048,
        modulusSha256,
        primeBits: 1024,
        primeSha256: 'ee'.repeat(32),
        sharedWith: [`CN=${other} (certificate ${'dd'.repeat(32)})`],
      },
    ],
  },
});
const certificate = (modulusSha256: string | null) =>
  aCertificate({ modulusSha256, key, subject: 'CN=this' });

testRule(sharedPrime, [
  {
    name: 'flags one holder of the prime, with the other',
    input: { keys, certificate: certificate(one) },
    expected: { details: flagged('CN=this', one, 0, 'two').details },
  },
  {
    name: 'flags the other holder too',
    input: { keys, certificate: certificate(two) },
    expected: { details: flagged('CN=this', two, 0, 'one').details },
  },
  {
    name: 'flags the key of a served intermediate',
    input: { keys, certificate: certificate(null), chain: [certificate(one)] },
    expected: { details: flagged('CN=this', one, 1, 'two').details },
  },
  {
    name: 'passes an RSA key that shares nothing',
    input: { keys, certificate: certificate(lone) },
    expected: 'pass',
  },
  {
    name: 'does not apply without an RSA key',
    input: { keys, certificate: certificate(null) },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply where keys are not compared',
    input: { certificate: certificate(one) },
    expected: 'not-applicable',
  },
]);
