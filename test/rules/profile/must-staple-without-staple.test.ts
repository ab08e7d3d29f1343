import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { mustStapleWithoutStaple } from '../../../src/rules/profile/must-staple-without-staple.js';
import { anObservation, aSurvey, testRule } from '../support.js';
import { aLeaf } from '../profile-support.js';

const feature = (...values: readonly number[]) =>
  extension('1.3.6.1.5.5.7.1.24', false, der.sequence(...values.map((value) => der.integer(value))));
const certificate = readCertificate(aLeaf({ extensions: { feature: feature(5) } }).der);
const observation = anObservation({ certificate });
const tls = observation.tls!;

testRule(mustStapleWithoutStaple, [
  {
    name: 'flags a handshake without a staple',
    input: { certificate, observation },
    expected: { severity: 'error' },
  },
  {
    name: 'flags it for version 2 of the extension',
    input: { certificate: readCertificate(aLeaf({ extensions: { feature: feature(17) } }).der), observation },
    expected: { severity: 'error' },
  },
  {
    name: 'passes a handshake with one',
    input: {
      certificate,
      observation: { ...observation, tls: { ...tls, ocspResponse: new Uint8Array([1]) } },
    },
    expected: 'pass',
  },
  {
    name: 'passes where the survey saw one',
    input: { certificate, observation: { ...observation, survey: aSurvey({ ocspStapled: true }) } },
    expected: 'pass',
  },
  {
    name: 'does not apply to another feature',
    input: { certificate: readCertificate(aLeaf({ extensions: { feature: feature(6) } }).der), observation },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply without the extension',
    input: { certificate: readCertificate(aLeaf().der), observation },
    expected: 'not-applicable',
  },
  { name: 'does not apply to files', input: { certificate, source: 'file' }, expected: 'not-applicable' },
]);
