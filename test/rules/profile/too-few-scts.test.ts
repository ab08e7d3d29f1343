import { tooFewScts } from '../../../src/rules/profile/too-few-scts.js';
import type { CheckInput } from '../../../src/rules/rule.js';
import { aCertificate, anObservation, aSurvey, aValidation, testRule } from '../support.js';

const valid = aValidation();
const day = 86_400_000;
const notBefore = new Date('2026-01-01T00:00:00Z');

function served(sctCount: number | null, days = 90, handshakeScts: number | null = 0): Partial<CheckInput> {
  const notAfter = new Date(notBefore.getTime() + days * day);
  return {
    certificate: aCertificate({ sctCount, notBefore, notAfter }),
    observation: anObservation({ survey: aSurvey({ handshakeScts }) }),
    validation: valid,
  };
}

const inOcsp = anObservation({ survey: aSurvey({ handshakeScts: 0 }) });

testRule(tooFewScts, [
  {
    name: 'flags a certificate without SCTs',
    input: served(null),
    expected: {
      details: {
        embedded: 0,
        byTls: 0,
        byOcsp: 0,
        required: [
          { browser: 'Chrome', required: 2 },
          { browser: 'Apple', required: 2 },
          { browser: 'Mozilla', required: 2 },
        ],
      },
    },
  },
  { name: 'flags one with one SCT', input: served(1), expected: { details: {} } },
  { name: 'passes one with two for 179 days', input: served(2, 179), expected: 'pass' },
  {
    name: 'flags two for exactly 180 days: by Apple, who counts the last second',
    input: served(2, 180),
    expected: {
      details: { embedded: 2, byTls: 0, byOcsp: 0, required: [{ browser: 'Apple', required: 3 }] },
    },
  },
  { name: 'flags two for 398 days', input: served(2, 398), expected: { details: {} } },
  { name: 'passes three for 398 days', input: served(3, 398), expected: 'pass' },
  { name: 'passes where SCTs come by TLS', input: served(0, 90, 2), expected: 'pass' },
  {
    name: 'passes where SCTs come with the OCSP response',
    input: {
      ...served(0),
      observation: {
        ...inOcsp,
        tls: { ...inOcsp.tls!, ocspResponse: Buffer.from('300c060a2b06010401d679020405', 'hex') },
      },
    },
    expected: 'pass',
  },
  {
    name: 'is not in force for a certificate of April 2018',
    input: {
      ...served(0),
      certificate: aCertificate({ sctCount: 0, notBefore: new Date('2018-04-30T23:59:59Z') }),
    },
    expected: 'not-in-force',
  },
  {
    name: 'does not apply where no survey said what comes by TLS',
    input: served(0, 90, null),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to private roots',
    input: { ...served(0), validation: { ...valid, rootStore: 'file ca.pem 2026-01-01' } },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to a path that is not valid',
    input: { ...served(0), validation: { ...valid, verdict: 'invalid' } },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to logged certificates',
    input: { ...served(0), source: 'logged' },
    expected: 'not-applicable',
  },
]);
