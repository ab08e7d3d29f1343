import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inspectLine } from '../../src/model/inspect-line.js';
import { observationLine } from '../../src/model/observation-line.js';
import type { Verdict } from '../../src/model/observation.js';
import { aCertificate, anObservation, aSurvey, aValidation, now } from '../rules/support.js';

const verdict: Verdict = {
  rule: 'expired',
  severity: 'critical',
  title: 'Certificate has expired',
  details: { daysAgo: 3 },
};

const certificate = {
  sha256: 'aa'.repeat(32),
  sha1: 'aa'.repeat(20),
  spkiSha256: 'bb'.repeat(32),
  subject: 'CN=www.example.com',
  issuer: 'CN=R3,O=Good CA,C=NL',
  serialNumber: '1234',
  notBefore: '2026-10-09T12:00:00.000Z',
  notAfter: '2027-01-07T12:00:00.000Z',
  dnsNames: ['www.example.com'],
  ipAddresses: [],
  key: { type: 'EC', bits: 256, curve: 'P-256' },
  signatureAlgorithm: 'ecdsa-with-SHA256',
};

it('writes an observation exactly as the contract says', () => {
  const line = observationLine(anObservation(), [verdict]);
  assert.deepEqual(JSON.parse(JSON.stringify(line)), {
    type: 'observation',
    observedAt: now.toISOString(),
    target: {
      host: 'www.example.com',
      address: '127.0.0.1',
      port: 8443,
      serverName: 'www.example.com',
      starttls: null,
    },
    outcome: 'ok',
    detail: null,
    tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', group: 'X25519' },
    certificate,
    chain: ['aa'.repeat(32)],
    findings: [verdict],
    survey: null,
    grade: {
      grade: 'F',
      reasons: [
        { cap: 'F', rule: 'expired', text: 'Certificate has expired' },
        { cap: 'A', rule: null, text: 'no survey has looked for weak protocols and suites' },
      ],
    },
    alternates: null,
    notProbed: ['protocol-versions', 'cipher-suites', 'key-exchange-groups', 'other-certificates'],
  });
});

it('writes null for what is absent and leaves no key out', () => {
  const target = { host: 'gone.example.com', address: null, port: 443, serverName: null, starttls: null };
  const look = anObservation({
    target,
    outcome: 'unresolved',
    detail: 'ENOTFOUND',
    certificate: null,
    tls: null,
  });
  assert.deepEqual(JSON.parse(JSON.stringify(observationLine(look, []))), {
    type: 'observation',
    observedAt: now.toISOString(),
    target,
    outcome: 'unresolved',
    detail: 'ENOTFOUND',
    tls: null,
    certificate: null,
    chain: [],
    findings: [],
    survey: null,
    grade: null,
    alternates: null,
    notProbed: [],
  });
});

it('writes a survey whole, the further chains by their fingerprints', () => {
  const survey = aSurvey({
    versions: [{ version: 'TLSv1.3', cipherSuites: ['TLS_AES_128_GCM_SHA256'], preference: null }],
    alternates: [{ asked: 'RSA', chain: [aCertificate()] }],
  });
  const line = observationLine(anObservation({ survey }), []);
  assert.deepEqual(line.survey, { ...survey, alternates: [{ asked: 'RSA', chain: ['aa'.repeat(32)] }] });
});

it('writes null for dates and keys that could not be read', () => {
  const garbage = aCertificate({ notBefore: null, notAfter: new Date(NaN), key: null, spkiSha256: null });
  const line = observationLine(anObservation({ certificate: garbage }), []);
  assert.deepEqual(line.certificate, {
    ...certificate,
    notBefore: null,
    notAfter: null,
    key: null,
    spkiSha256: null,
  });
});

it('writes an inspected certificate exactly as the contract says', () => {
  const error = { code: 'no-path', message: 'no path to a root', section: 'RFC 5280 section 6.1' };
  const validation = { ...aValidation({ verdict: 'invalid', errors: [error] }), rootStore: 'operator' };
  const line = inspectLine({
    file: 'a.pem',
    certificate: aCertificate(),
    validation,
    verdicts: [verdict],
    isHelper: false,
    transparency: null,
    ocsp: null,
    revocation: null,
  });
  assert.deepEqual(JSON.parse(JSON.stringify(line)), {
    file: 'a.pem',
    certificate,
    validation: {
      verdict: 'invalid',
      grade: 'invalid',
      errors: [error],
      warnings: [],
      rootStore: 'operator',
      path: [],
    },
    findings: [verdict],
    transparency: null,
    ocsp: null,
    revocation: null,
    extensions: null,
  });
});

it('writes a file without a certificate as a line with nulls', () => {
  const line = inspectLine({
    file: 'empty.pem',
    certificate: null,
    validation: null,
    verdicts: [],
    isHelper: false,
    transparency: null,
    ocsp: null,
    revocation: null,
  });
  assert.deepEqual(line, {
    file: 'empty.pem',
    certificate: null,
    validation: null,
    findings: [],
    transparency: null,
    ocsp: null,
    revocation: null,
    extensions: null,
  });
});
