import { badOcspStaple } from '../../../src/rules/revocation/bad-ocsp-staple.js';
import type { CheckInput } from '../../../src/rules/rule.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { ocspResponse, revoked as revokedStatus, unknown, type OcspSpec } from '../../support/ocsp.js';
import { daysFromNow, issueCa, issueFor } from '../../support/pki.js';
import { anObservation, testRule } from '../support.js';

const ca = issueCa();
const certificate = readCertificate(issueFor('www.example.com', { issuer: ca, serialNumber: 0x1234n }).der);
const issuer = readCertificate(ca.der);

/** A look in which this response was stapled; null: none was. */
function stapled(spec: OcspSpec | null, serial = 0x1234n): Partial<CheckInput> {
  const usual = anObservation({ certificate });
  const tls = usual.tls && { ...usual.tls, ocspResponse: spec && ocspResponse(ca, serial, spec) };
  const observation = { ...usual, tls, observedAt: daysFromNow(0) };
  return { certificate, chain: [issuer], observation };
}

testRule(badOcspStaple, [
  {
    name: 'flags a response that was out of date when it was served',
    input: stapled({ nextUpdate: daysFromNow(-1) }),
    expected: { severity: 'warning', details: { status: 'unusable' } },
  },
  {
    name: 'flags a response about another certificate',
    input: stapled({}, 0x1235n),
    expected: { details: { reason: 'the response is about another certificate' } },
  },
  {
    name: 'flags a responder that knows nothing of the certificate',
    input: stapled({ status: unknown }),
    expected: { details: { status: 'unknown', reason: null } },
  },
  { name: 'passes a response that is good', input: stapled({}), expected: 'pass' },
  {
    name: 'passes a revocation, of which another rule tells',
    input: stapled({ status: revokedStatus(1) }),
    expected: 'pass',
  },
  { name: 'does not apply without a response', input: stapled(null), expected: 'not-applicable' },
]);
