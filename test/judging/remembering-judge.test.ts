import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Certificate } from '../../src/model/certificate.js';
import type { Observation } from '../../src/model/observation.js';
import { judgeObservation } from '../../src/rules/judge.js';
import { createRememberingJudge, type ObservationJudge } from '../../src/judging/remembering-judge.js';
import type { CertificateRule, EndpointRule, Rule } from '../../src/rules/rule.js';
import { aCertificate, anObservation, aPolicy, aSurvey, aValidation, later, now } from '../rules/support.js';

const base = { title: 'T', severity: 'notice', citation: 'x', remediation: 'x' } as const;
let asked: string[] = [];

/** Hits with what it read; notes that it was asked. */
function certificateRule(
  id: string,
  read: (input: Parameters<CertificateRule['check']>[0]) => unknown,
): Rule {
  return {
    ...base,
    kind: 'certificate',
    about: 'endpoint',
    id,
    appliesTo: () => true,
    check(input) {
      asked.push(id);
      const value = read(input);
      return value === null ? null : { details: { value } };
    },
  } satisfies CertificateRule;
}

const ofEndpoint: EndpointRule = {
  ...base,
  kind: 'endpoint',
  id: 'of-endpoint',
  appliesTo: () => true,
  check({ observation }) {
    asked.push('of-endpoint');
    return { details: { cipher: observation.tls?.cipher ?? null } };
  },
};

const rules: readonly Rule[] = [
  certificateRule('subject', ({ certificate }) => certificate.subject),
  certificateRule('host', ({ host }) => host),
  certificateRule('place', ({ observation }) => observation?.target.address ?? null),
  ofEndpoint,
];

function looks(changes: Partial<Observation['target']>, certificate: Certificate, cipher = 'A'): Observation {
  return anObservation({
    certificate,
    chain: [certificate],
    target: { host: 'h', address: '127.0.0.1', port: 443, serverName: null, starttls: null, ...changes },
    tls: {
      version: 'TLSv1.2',
      cipher,
      group: null,
      alpn: null,
      clientCertificateRequested: null,
      ocspResponse: null,
    },
  });
}

function judgeOf(all: readonly Rule[]): { judge: ObservationJudge; validated(): number } {
  let count = 0;
  const policy = aPolicy();
  const validate = () => ((count += 1), aValidation());
  return { judge: createRememberingJudge({ policy, validate }, all), validated: () => count };
}

describe('A judge that remembers', () => {
  const certificate = aCertificate();

  it('says what a judge that does not says, for any endpoint and in any order', () => {
    const { judge } = judgeOf(rules);
    const other = aCertificate({ subject: 'CN=other' });
    const observations = [certificate, other].flatMap((one) =>
      ['A', 'B'].flatMap((cipher) =>
        ['127.0.0.1', '127.0.0.2', null].flatMap((address) =>
          ['a.example', 'b.example', null].map((serverName) => looks({ address, serverName }, one, cipher)),
        ),
      ),
    );
    const context = { policy: aPolicy(), validate: () => aValidation(), inventory: () => null, now };
    for (const observation of [...observations, ...observations.toReversed(), ...observations])
      assert.deepEqual(judge(observation, now), judgeObservation(observation, context, rules));
  });

  it('asks again only what read the name or the place', () => {
    const { judge, validated } = judgeOf(rules);
    judge(looks({ serverName: 'a.example' }, certificate), now);
    asked = [];
    judge(looks({ serverName: 'b.example', address: '127.0.0.9' }, certificate), now);
    assert.deepEqual(asked, ['host', 'place']);
    asked = [];
    judge(looks({ serverName: 'b.example' }, certificate, 'another cipher'), now);
    assert.ok(asked.includes('of-endpoint'));
    assert.equal(validated(), 1);
  });

  it('gives the same array where nothing depends on the endpoint', () => {
    const { judge } = judgeOf([rules[0]!, rules[1]!, ofEndpoint]);
    const first = judge(looks({}, certificate), now);
    assert.equal(judge(looks({ address: '127.0.0.9' }, certificate), now), first);
  });

  it('judges anew after ten minutes, when a date of the chain has come, and when the chain is another', () => {
    const { judge, validated } = judgeOf(rules);
    const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
    const ending = aCertificate({ notAfter: at(30) });
    judge(looks({}, ending), now);
    judge(looks({}, ending), at(29));
    assert.equal(validated(), 1);
    judge(looks({}, ending), at(31));
    assert.equal(validated(), 2);
    judge(looks({}, certificate), now);
    judge(looks({}, certificate), at(599));
    assert.equal(validated(), 3);
    judge(looks({}, certificate), at(600));
    assert.equal(validated(), 4);
    judge({ ...looks({}, certificate), chain: [certificate, ending] }, at(600));
    assert.equal(validated(), 5);
  });

  it('remembers nothing of staples and surveys, and judges what brought no certificate', () => {
    const { judge } = judgeOf(rules);
    const surveyed = { ...looks({}, certificate), survey: aSurvey() };
    judge(surveyed, now);
    asked = [];
    judge(surveyed, later(1));
    assert.equal(asked.length, rules.length);
    const failed = anObservation({ certificate: null, chain: [], outcome: 'refused', tls: null });
    assert.deepEqual(
      judge(failed, now).map(({ rule }) => rule),
      ['of-endpoint'],
    );
  });
});
