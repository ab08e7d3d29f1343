import type { Policy } from '../../../src/model/policy.js';
import { policyConfig } from '../../../src/rules/config.js';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ask } from '../../../src/rules/judge.js';
import { expiring } from '../../../src/rules/time/expiring.js';
import type { CheckInput } from '../../../src/rules/rule.js';
import { aCertificate, anInput, aPolicy, later, testRule } from '../support.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A certificate of `lifetimeDays` with `leftDays` and `ms` left. */
function withLeft(lifetimeDays: number, leftDays: number, ms = 0): Partial<CheckInput> {
  return {
    certificate: aCertificate({
      notBefore: later(leftDays - lifetimeDays, ms),
      notAfter: later(leftDays, ms),
    }),
  };
}

/** A policy whose hosts have the tag `slow`, with one override. */
const overridden = (line: object): Policy =>
  policyConfig.parse({
    ownedDomains: ['example.com'],
    owners: [{ names: ['example.com'], tags: ['slow'] }],
    expiring: { overrides: [line] },
  });

testRule(expiring, [
  {
    name: 'passes a 90-day certificate with exactly 27 days left',
    input: withLeft(90, 27),
    expected: 'pass',
  },
  {
    name: 'warns of a 90-day certificate 26 days before notAfter',
    input: withLeft(90, 26),
    expected: { severity: 'warning', details: { daysLeft: 26, lifetimeDays: 90 } },
  },
  {
    name: 'warns one millisecond below three tenths',
    input: withLeft(90, 27, -1),
    expected: { severity: 'warning' },
  },
  {
    name: 'still warns of a 90-day certificate with exactly 9 days left',
    input: withLeft(90, 9),
    expected: { severity: 'warning' },
  },
  {
    name: 'is an error one millisecond below 9 of 90 days',
    input: withLeft(90, 9, -1),
    expected: { severity: 'error', details: { daysLeft: 8.9 } },
  },
  {
    name: 'passes a 45-day certificate with exactly 13.5 days left',
    input: withLeft(45, 13.5),
    expected: 'pass',
  },
  {
    name: 'warns of a 45-day certificate a minute below 13.5 days',
    input: withLeft(45, 13.5, -minuteMs),
    expected: { severity: 'warning' },
  },
  {
    name: 'is an error for a 45-day certificate a minute below 4.5 days',
    input: withLeft(45, 4.5, -minuteMs),
    expected: { severity: 'error' },
  },
  {
    name: 'passes a 6-day certificate (160 hours) with 48 hours left',
    input: withLeft(160 / 24, 0, 48 * hourMs),
    expected: 'pass',
  },
  {
    name: 'warns of a 6-day certificate with 47 hours left',
    input: withLeft(160 / 24, 0, 47 * hourMs),
    expected: { severity: 'warning' },
  },
  {
    name: 'is an error for a 6-day certificate with 15 hours left',
    input: withLeft(160 / 24, 0, 15 * hourMs),
    expected: { severity: 'error', details: { daysLeft: 0.6 } },
  },
  {
    name: 'passes a 398-day certificate with exactly 30 days left: the cap in days counts',
    input: withLeft(398, 30),
    expected: 'pass',
  },
  {
    name: 'warns of a 398-day certificate a minute below 30 days',
    input: withLeft(398, 30, -minuteMs),
    expected: { severity: 'warning' },
  },
  {
    name: 'is an error for a 398-day certificate a minute below 10 days',
    input: withLeft(398, 10, -minuteMs),
    expected: { severity: 'error' },
  },
  {
    name: 'takes its limits from the policy',
    input: {
      ...withLeft(90, 26),
      policy: aPolicy({
        expiring: { warnFraction: 0.25, warnDays: 30, errorFraction: 0.1, errorDays: 10, overrides: [] },
      }),
    },
    expected: 'pass',
  },
  {
    name: 'takes those of the first override for its issuer',
    input: { ...withLeft(90, 26), policy: overridden({ issuers: ['good ca'], warnDays: 26, errorDays: 26 }) },
    expected: 'pass',
  },
  {
    name: 'completes an override by the general limits',
    input: { ...withLeft(90, 26, -1), policy: overridden({ issuers: ['good ca'], warnDays: 26 }) },
    expected: { severity: 'warning' },
  },
  {
    name: 'leaves others alone',
    input: { ...withLeft(90, 26), policy: overridden({ issuers: ['other ca'], warnDays: 1, errorDays: 1 }) },
    expected: { severity: 'warning' },
  },
  {
    name: 'takes one for a tag that the policy gives the host',
    input: { ...withLeft(90, 26), policy: overridden({ tags: ['slow'], warnDays: 1, errorDays: 1 }) },
    expected: 'pass',
  },
  { name: 'still warns at notAfter itself', input: withLeft(90, 0), expected: { severity: 'error' } },
  {
    name: 'does not apply after notAfter, where expired speaks',
    input: withLeft(90, 0, -1),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply before notBefore',
    input: { certificate: aCertificate({ notBefore: later(1), notAfter: later(2) }) },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to a logged certificate',
    input: { ...withLeft(90, 5), source: 'logged' },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply when a date could not be read',
    input: { certificate: aCertificate({ notBefore: null }) },
    expected: 'not-applicable',
  },
]);

it('says when its answer changes: at the warning, then at the error, then never', () => {
  const certificate = aCertificate({ notBefore: later(0), notAfter: later(90) });
  const until = (days: number, ms = 0): Date | null | undefined =>
    expiring.standsUntil?.(anInput({ certificate, now: later(days, ms) }));
  assert.deepEqual(until(0), later(63, 1));
  assert.deepEqual(until(63), later(63, 1));
  assert.deepEqual(until(63, 1), later(81, 1));
  assert.equal(until(81, 1), null);
  for (const at of [later(63, 1), later(81, 1)]) {
    const [before, then] = [new Date(at.getTime() - 1), at].map((now) =>
      JSON.stringify(ask(expiring, anInput({ certificate, now }))),
    );
    assert.notEqual(before, then, 'the answer differs from the millisecond before');
  }
  assert.equal(expiring.standsUntil?.(anInput({ certificate: aCertificate({ notAfter: null }) })), null);
});
