import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rules } from '../../src/rules/index.js';
import { ask, judge, judgeServed, servedInputs, type JudgeContext } from '../../src/rules/judge.js';
import type { CertificateRule } from '../../src/rules/rule.js';
import { aCertificate, aSurvey, anInput, anObservation, aPolicy, later, now } from './support.js';

const always: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'expired',
  title: 'Always',
  severity: 'warning',
  citation: 'none',
  remediation: 'none',
  appliesTo: () => true,
  check: () => ({ details: { seen: true } }),
};
const throwing: CertificateRule = {
  ...always,
  check() {
    throw new TypeError('cannot read properties of undefined');
  },
};

it('says nothing against a good certificate', () => {
  assert.deepEqual(judge(anInput()), []);
  assert.deepEqual(judge(anInput({ source: 'logged', host: null })), []);
  assert.deepEqual(judge(anInput({ source: 'file', host: null, inventory: 'known' })), []);
});

it('returns one verdict per hit, in the order of the rules', () => {
  const certificate = aCertificate({ notAfter: later(-3), key: { type: 'RSA', bits: 1024, curve: null } });
  const verdicts = judge(anInput({ certificate, inventory: 'unknown', host: 'other.example.com' }), rules);
  assert.deepEqual(
    verdicts.map(({ rule, severity }) => `${rule} ${severity}`),
    ['expired critical', 'hostname-mismatch error', 'weak-key error', 'shadow warning'],
  );
});

it('leaves out rules that the policy switches off', () => {
  const policy = aPolicy({ rules: { expired: { enabled: false } } });
  assert.deepEqual(judge(anInput({ policy }), [always]), []);
});

it("takes the policy's severity before the hit's, and the hit's before the rule's", () => {
  const graded = { ...always, check: () => ({ details: {}, severity: 'error' as const }) };
  const policy = aPolicy({ rules: { expired: { severity: 'notice' } } });
  assert.equal(judge(anInput(), [always])[0]?.severity, 'warning');
  assert.equal(judge(anInput(), [graded])[0]?.severity, 'error');
  assert.equal(judge(anInput({ policy }), [graded])[0]?.severity, 'notice');
});

it('turns a rule that throws into a verdict of rule-failed and goes on', () => {
  const verdicts = judge(anInput(), [throwing, { ...always, id: 'expiring' }]);
  assert.deepEqual(
    verdicts.map(({ rule }) => rule),
    ['rule-failed', 'expiring'],
  );
  assert.deepEqual(verdicts[0]?.details, { rule: 'expired', error: 'cannot read properties of undefined' });
});

it('applies a rule to certificates whose notBefore is at or after its date, and to those without a date', () => {
  const dated = { ...always, effectiveFrom: now };
  assert.equal(
    ask(dated, anInput({ certificate: aCertificate({ notBefore: later(0, -1) }) })),
    'not-in-force',
  );
  for (const notBefore of [now, later(1), null])
    assert.equal(typeof ask(dated, anInput({ certificate: aCertificate({ notBefore }) })), 'object');
});

it('ignores incident rules: scanners report them', () => {
  const incidents = rules.filter(({ kind }) => kind === 'incident');
  assert.deepEqual(judge(anInput({ certificate: aCertificate({ notAfter: later(-1) }) }), incidents), []);
});

it('keeps details small and JSON-safe for a certificate of 50,000 names', () => {
  const names = Array.from({ length: 50_000 }, (_, index) => `${'x'.repeat(1000)}${index}.example.com`);
  const certificate = aCertificate({ dnsNames: names, names, subject: 'y'.repeat(1_000_000) });
  const verdicts = judge(anInput({ certificate, inventory: 'unknown' }));
  assert.deepEqual(
    verdicts.map(({ rule }) => rule),
    ['hostname-mismatch', 'shadow'],
  );
  assert.ok(JSON.stringify(verdicts).length < 50_000);
  assert.deepEqual((verdicts[0]?.details['dnsNames'] as string[]).at(-1), '... and 49980 more');
});

const context: JudgeContext = { validate: () => null, inventory: () => null, policy: aPolicy(), now };

function judged(changes: Parameters<typeof anObservation>[0]) {
  return judgeServed(servedInputs(anObservation(changes), context)).map(({ verdict }) => verdict);
}

function rulesOf(changes: Parameters<typeof anObservation>[0]): readonly string[] {
  return judged(changes).map(({ rule }) => rule);
}

it('judges an observation by the server name that was sent', () => {
  const target = { host: '127.0.0.1', address: '127.0.0.1', port: 8443, serverName: null, starttls: null };
  const certificate = aCertificate({ dnsNames: ['localhost'], notAfter: later(-1) });
  assert.deepEqual(rulesOf({ certificate, target }), ['expired']);
  assert.deepEqual(rulesOf({ certificate }), ['expired', 'hostname-mismatch']);
});

it('judges the served chain, leaf excluded, and nothing where no certificate came', () => {
  const leaf = aCertificate();
  const old = aCertificate({
    signatureAlgorithm: 'sha1WithRSAEncryption',
    subjectSha256: leaf.issuerSha256,
  });
  assert.deepEqual(rulesOf({ certificate: leaf, chain: [leaf, old] }), ['weak-signature']);
  assert.deepEqual(rulesOf({ certificate: null, outcome: 'refused' }), []);
});

it('judges the other certificates of an endpoint too, each rule by the worst of them', () => {
  const usual = aCertificate({ notAfter: later(20) });
  const other = aCertificate({ sha256: '11'.repeat(32), notAfter: later(2) });
  const elsewhere = aCertificate({
    sha256: '22'.repeat(32),
    dnsNames: ['default.test'],
    notAfter: later(25),
  });
  const survey = aSurvey({
    alternates: [
      { asked: 'RSA', chain: [other] },
      { asked: 'no-server-name', chain: [elsewhere] },
    ],
  });
  const verdicts = judged({ certificate: usual, survey });
  assert.deepEqual(
    verdicts.map(({ rule, severity, details }) => [rule, severity, details['asked'], details['certificate']]),
    [['expiring', 'error', 'RSA', other.sha256]],
    'and nobody asked the default certificate for the name',
  );
  const wrong = aCertificate({ sha256: '33'.repeat(32), dnsNames: ['default.test'] });
  assert.deepEqual(rulesOf({ survey: aSurvey({ alternates: [{ asked: 'ECDSA', chain: [wrong] }] }) }), [
    'hostname-mismatch',
  ]);
});
