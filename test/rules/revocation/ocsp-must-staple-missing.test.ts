import { ocspMustStapleMissing } from '../../../src/rules/revocation/ocsp-must-staple-missing.js';
import type { CheckInput } from '../../../src/rules/rule.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import * as der from '../../support/der-writer.js';
import { extension, issueFor } from '../../support/pki.js';
import { anObservation, aSurvey, testRule } from '../support.js';

const feature = (...numbers: number[]): Uint8Array =>
  extension('1.3.6.1.5.5.7.1.24', false, der.sequence(...numbers.map((one) => der.integer(one))));

/** A survey that found, or did not find, a stapled response to a certificate with these extensions. */
function surveyed(
  ocspStapled: boolean | null,
  extensions: readonly Uint8Array[],
  changes: Partial<CheckInput> = {},
): Partial<CheckInput> {
  const certificate = readCertificate(issueFor('www.example.com', { extensions }).der);
  const observation = { ...anObservation({ certificate }), survey: { ...aSurvey(), ocspStapled } };
  return { certificate, observation, ...changes };
}

testRule(ocspMustStapleMissing, [
  {
    name: 'flags a certificate that demands a response which does not come',
    input: surveyed(false, [feature(5)]),
    expected: { severity: 'error' },
  },
  {
    name: 'flags one that demands more besides',
    input: surveyed(false, [feature(17, 5)]),
    expected: { severity: 'error' },
  },
  { name: 'passes one whose response comes', input: surveyed(true, [feature(5)]), expected: 'pass' },
  { name: 'does not apply without the extension', input: surveyed(false, []), expected: 'not-applicable' },
  {
    name: 'does not apply to another feature',
    input: surveyed(false, [feature(17)]),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply where no response was asked for',
    input: surveyed(null, [feature(5)]),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to files',
    input: surveyed(false, [feature(5)], { source: 'file' }),
    expected: 'not-applicable',
  },
]);
