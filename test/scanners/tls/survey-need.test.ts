import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { createSurveyNeed } from '../../../scanners/tls/survey-need.js';
import type { EndpointState } from '../../../src/model/endpoint-state.js';
import type { Observation } from '../../../src/model/observation.js';
import { endpointKey } from '../../../src/model/target.js';
import { aCertificate, anObservation, aSurvey } from '../../rules/support.js';

const at = new Date('2026-12-01T12:00:00Z');
const [usual, other, third] = ['aa', 'bb', 'cc'].map((octet) => aCertificate({ sha256: octet.repeat(32) }));

/** Whether a survey is due at an endpoint that was surveyed an hour ago, usual and other certificate at hand. */
async function isDue(
  seen: Partial<Observation>,
  surveyed: 'RSA' | 'no-server-name' | null = 'RSA',
): Promise<boolean> {
  const observation = anObservation({
    certificate: usual ?? null,
    observedAt: at,
    alternates: null,
    ...seen,
  });
  const alternates = surveyed === null ? [] : [{ asked: surveyed, chain: [other?.sha256 ?? ''] }];
  const state = {
    key: endpointKey(observation.target),
    chain: [usual?.sha256],
    tls: observation.tls,
    survey: { ...aSurvey(), alternates },
    surveyedAt: new Date(at.getTime() - 3_600_000),
  } as unknown as EndpointState;
  const memory = {
    async *endpoints() {
      yield state;
    },
  };
  return createSurveyNeed(memory, 24, pino({ level: 'silent' }))(observation);
}

const chainOf = (one: typeof usual) => ({ asked: 'RSA' as const, chain: one === undefined ? [] : [one] });

describe('A survey is', () => {
  it('not due while an endpoint shows what it showed', async () => {
    assert.equal(await isDue({}), false);
    assert.equal(await isDue({ alternates: [chainOf(other)] }), false);
    assert.equal(await isDue({ certificate: other ?? null, alternates: [chainOf(usual)] }), false);
    assert.equal(await isDue({ alternates: [] }, 'no-server-name'), false);
  });

  it('due when the certificate for the other type of key is new, another one, or gone', async () => {
    assert.equal(await isDue({ alternates: [chainOf(other)] }, null), true);
    assert.equal(await isDue({ alternates: [chainOf(third)] }), true);
    assert.equal(await isDue({ alternates: [] }), true);
  });

  it('due when the certificate is another one, and after a day', async () => {
    assert.equal(await isDue({ certificate: third ?? null }), true);
    assert.equal(await isDue({ observedAt: new Date(at.getTime() + 23 * 3_600_000) }), true);
  });
});
