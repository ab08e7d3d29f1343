import { revoked } from '../../../src/rules/revocation/revoked.js';
import type { CheckInput } from '../../../src/rules/rule.js';
import type { RevocationStatus } from '../../../src/model/network.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { ocspResponse, revoked as revokedStatus, type OcspSpec } from '../../support/ocsp.js';
import { daysFromNow, issueCa, issueFor } from '../../support/pki.js';
import { anObservation, testRule } from '../support.js';

const ca = issueCa();
const certificate = readCertificate(issueFor('www.example.com', { issuer: ca, serialNumber: 0x1234n }).der);
const issuer = readCertificate(ca.der);

/** A look in which this response was stapled; null: none was. */
function stapled(
  spec: OcspSpec | null,
  changes: Partial<CheckInput> = {},
  serial = 0x1234n,
): Partial<CheckInput> {
  const usual = anObservation({ certificate });
  const tls = usual.tls && { ...usual.tls, ocspResponse: spec && ocspResponse(ca, serial, spec) };
  const observation = { ...usual, tls, observedAt: daysFromNow(0) };
  return { certificate, chain: [issuer], observation, now: daysFromNow(0), ...changes };
}

/** What a list said. */
function byList(changes: Partial<RevocationStatus> = {}): Partial<CheckInput> {
  const revocation: RevocationStatus = {
    question: 'revocation',
    key: certificate.sha256,
    since: daysFromNow(0),
    checkedAt: daysFromNow(0),
    detail: null,
    outcome: 'revoked',
    reason: 'keyCompromise',
    revokedAt: daysFromNow(-1),
    method: 'crl',
    source: 'http://crl.example/1.crl',
    thisUpdate: daysFromNow(0),
    nextUpdate: daysFromNow(1),
    ...changes,
  };
  return { certificate, source: 'file', observation: null, revocation };
}

testRule(revoked, [
  {
    name: 'flags a certificate that a list calls revoked, with reason and date',
    input: byList(),
    expected: {
      severity: 'critical',
      details: { reason: 'keyCompromise', revokedAt: daysFromNow(-1).toISOString(), method: 'crl' },
    },
  },
  {
    name: 'flags one that was superseded less urgently',
    input: byList({ reason: 'superseded' }),
    expected: { severity: 'error' },
  },
  {
    name: 'assumes the worst where no reason is given',
    input: byList({ reason: 'unspecified' }),
    expected: { severity: 'critical' },
  },
  { name: 'passes one that is good', input: byList({ outcome: 'good', reason: null }), expected: 'pass' },
  { name: 'passes one that no list covers', input: byList({ outcome: 'not-covered' }), expected: 'pass' },
  {
    name: 'flags a certificate that its stapled response calls revoked, with the reason',
    input: stapled({ status: revokedStatus(1) }),
    expected: {
      severity: 'critical',
      details: { serialNumber: '1234', reason: 'keyCompromise', signedBy: 'issuer' },
    },
  },
  {
    name: 'still does when the response has gone out of date since it was seen',
    input: stapled({ status: revokedStatus() }, { now: daysFromNow(300) }),
    expected: { details: { reason: null } },
  },
  { name: 'passes one that is good', input: stapled({}), expected: 'pass' },
  {
    name: 'passes a forged revocation',
    input: stapled({ status: revokedStatus(1), signer: { ...issueCa(), subjectName: ca.subjectName } }),
    expected: 'pass',
  },
  {
    name: 'passes the revocation of another certificate',
    input: stapled({ status: revokedStatus(1) }, {}, 0x1235n),
    expected: 'pass',
  },
  { name: 'does not apply without a response', input: stapled(null), expected: 'not-applicable' },
  {
    name: 'does not apply where the issuer did not come along to check it by',
    input: stapled({ status: revokedStatus(1) }, { chain: [] }),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to a certificate that a survey found besides',
    input: stapled({ status: revokedStatus(1) }, { asked: 'ECDSA' }),
    expected: 'not-applicable',
  },
]);
