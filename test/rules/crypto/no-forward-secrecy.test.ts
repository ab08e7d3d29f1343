import { noForwardSecrecy } from '../../../src/rules/crypto/no-forward-secrecy.js';
import { anObservation, aSurvey, surveyed, testRule } from '../support.js';

const onlyRsa = [{ version: 'TLSv1.2', cipherSuites: ['TLS_RSA_WITH_AES_128_CBC_SHA'], preference: null }];

testRule(noForwardSecrecy, [
  {
    name: 'flags a server that transports keys by RSA only',
    input: { observation: anObservation({ tls: null, survey: aSurvey({ versions: onlyRsa }) }) },
    expected: { severity: 'warning', details: { suites: ['TLS_RSA_WITH_AES_128_CBC_SHA'] } },
  },
  {
    name: 'passes a server that has ephemeral suites beside them',
    input: surveyed({ versions: [...onlyRsa, ...aSurvey().versions] }),
    expected: 'pass',
  },
  { name: 'passes TLS 1.3', input: surveyed({ versions: aSurvey().versions.slice(0, 1) }), expected: 'pass' },
  {
    name: 'does not apply without a survey: one handshake does not show what else is accepted',
    input: { observation: anObservation() },
    expected: 'not-applicable',
  },
]);
