import assert from 'node:assert/strict';
import { it } from 'node:test';
import { lookAlikeDomain } from '../../../src/rules/authority/look-alike-domain.js';
import { opened } from '../../judging/samples.js';
import { ctEntry } from '../../store/sample.js';
import { leafOf } from '../fleet/renewals.js';
import { testFleetRule } from '../fleet-support.js';
import { aPolicy, later, now } from '../support.js';

const entry = (name: string, watch: string, index: number, days: readonly [number, number] = [-1, 89]) =>
  ctEntry('x', index, {
    certificate: leafOf(`${name} ${index}`, [name], days),
    timestamp: later(-index),
    matches: [{ watch, item: 'example.com', value: name, reason: null } as never],
  });

testFleetRule(
  lookAlikeDomain,
  (store) =>
    store.writeCtEntries([
      entry('examp1e.com', 'look-alike', 1),
      entry('www.examp1e.com', 'look-alike', 2),
      entry('login-example.co.uk', 'look-alike', 3),
      entry('exarnple.com', 'look-alike', 4, [-90, -1]),
      entry('www.example.com', 'domain', 5),
    ]),
  [
    {
      name: 'reports a domain once, however many certificates it has',
      subject: 'examp1e.com',
      expected: {
        title: 'examp1e.com looks like example.com',
        severity: undefined,
        details: { issuances: 2, names: ['examp1e.com', 'www.examp1e.com'] },
      } as never,
    },
    {
      name: 'finds the registered domain under suffixes of two labels',
      subject: 'login-example.co.uk',
      expected: { host: 'login-example.co.uk' },
    },
    { name: 'passes one whose certificates have expired', subject: 'exarnple.com', expected: 'pass' },
    { name: 'passes the watched domain itself', subject: 'example.com', expected: 'pass' },
  ],
);

it('ends when the last certificate has expired', async () => {
  const context = { ask: () => Promise.reject(new Error('not asked')), policy: aPolicy(), now };
  const [end] = await lookAlikeDomain.ends([opened({ id: 'a' })], context);
  assert.deepEqual(end, { findingId: 'a', resolution: 'expired' });
});
