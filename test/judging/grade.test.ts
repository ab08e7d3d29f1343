import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createGrader } from '../../src/judging/grade.js';
import { findingId } from '../../src/model/finding.js';
import { rules } from '../../src/rules/index.js';
import { ownerRule } from '../../src/rules/owners-config.js';
import { renewalFailing } from '../../src/rules/time/renewal-failing.js';
import { aCertificate, anInput, anObservation, aPolicy, aSurvey, later, now } from '../rules/support.js';

const grade = createGrader(aPolicy(), rules);
const expired = aCertificate({ notAfter: later(-1) });

it('gives findings of one certificate on several endpoints one cause', () => {
  const observation = anObservation({ certificate: expired });
  const inputs = [anInput({ certificate: expired, observation })];
  const [one] = grade.endpoint({ key: 'a', observation, inputs }, now);
  const [other] = grade.endpoint({ key: 'b', observation, inputs }, now);
  assert.equal(one?.rule, 'expired');
  assert.equal(one.cause, other?.cause);
  assert.equal(one.cause, findingId('expired', { kind: 'issuance', key: expired.tbsSha256! }));
  assert.deepEqual(one.dueAt, expired.notAfter);
});

it('judges an endpoint from which no certificate came by what it offers', () => {
  const survey = aSurvey({
    versions: [{ version: 'TLSv1.2', cipherSuites: ['TLS_DH_anon_WITH_AES_128_CBC_SHA'], preference: null }],
  });
  const observation = anObservation({ certificate: null, outcome: 'alert', tls: null, survey });
  const found = grade.endpoint({ key: 'a', observation, inputs: [] }, now);
  assert.deepEqual(
    found.map(({ rule, certificateSha256 }) => [rule, certificateSha256]),
    [
      ['weak-cipher-suite', null],
      ['no-forward-secrecy', null],
    ],
  );
});

it('judges what an endpoint offers once, however many chains it shows', () => {
  const survey = aSurvey({ compression: true });
  const observation = anObservation({ survey });
  const inputs = [anInput({ observation }), anInput({ observation, asked: 'RSA' })];
  const found = grade.endpoint({ key: 'a', observation, inputs }, now);
  assert.deepEqual(
    found.map(({ rule, details }) => [rule, details]),
    [['tls-compression', { compression: true }]],
  );
});

it('names where a value was observed', () => {
  const observation = anObservation({ certificate: expired });
  const [found] = grade.endpoint(
    { key: 'a', observation, inputs: [anInput({ certificate: expired, observation })] },
    now,
  );
  assert.deepEqual(found?.evidence, [
    { label: 'Observed', value: 'www.example.com:8443 (127.0.0.1)', expected: null, source: 'scan', at: now },
  ]);
});

it('lists where an issuance was seen, not all of a thousand places', () => {
  const places = Array.from({ length: 1000 }, (_, index) => `log:${index}`);
  const input = anInput({ source: 'logged', inventory: 'unknown' });
  const [found] = grade.issuance({ key: 'tbs', input, servedAt: [], loggedAt: places });
  assert.equal(found?.rule, 'shadow');
  assert.equal((found.details['loggedAt'] as string[]).length, 20);
  assert.equal(found.evidence.length, 3);
  assert.deepEqual(found.subject, { kind: 'issuance', key: 'tbs' });
});

it('refuses an incident of a rule that does not exist, and drops that of one switched off', () => {
  const subject = { kind: 'self', key: 'x' };
  assert.throws(() => grade.incident({ rule: 'no-such', subject, details: {} }), /unknown rule no-such/);
  const quiet = createGrader(aPolicy({ rules: { 'job-failed': { enabled: false } } }), rules);
  assert.deepEqual(quiet.incident({ rule: 'job-failed', subject, details: {} }), []);
});

it('gives findings the owner that the policy names for their place', () => {
  const owners = [
    {
      names: ['example.com'],
      networks: ['127.0.0.0/8'],
      issuers: [],
      owner: 'web',
      environment: 'test',
      tags: ['a'],
    },
  ];
  const observation = anObservation({ certificate: expired });
  const [found] = createGrader(aPolicy({ owners }), rules).endpoint(
    { key: 'a', observation, inputs: [anInput({ certificate: expired, observation })] },
    now,
  );
  assert.deepEqual([found?.owner, found?.environment, found?.tags], ['web', 'test', ['a']]);
});

it('lets what a system knows of its own certificate come before the policy, which fills what it leaves open', () => {
  const owner = { names: ['shop.example.com'], owner: 'shop', environment: 'prod', tags: ['web'] };
  const grader = createGrader(aPolicy({ owners: [ownerRule.parse(owner)] }), rules);
  const hit = {
    subject: { kind: 'inventory', key: 'a' },
    host: 'shop.example.com',
    certificateSha256: null,
    details: {},
  };
  const ownership = { owner: 'platform', environment: null, tags: ['pci'] };
  const [known] = grader.fleet(renewalFailing, { ...hit, ownership });
  assert.deepEqual([known?.owner, known?.environment, known?.tags], ['platform', 'prod', ['pci', 'web']]);
  assert.equal(grader.fleet(renewalFailing, hit)[0]?.owner, 'shop');
});
