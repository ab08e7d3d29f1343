import assert from 'node:assert/strict';
import { it } from 'node:test';
import { endpointGone } from '../../../src/rules/change/endpoint-gone.js';
import { opened } from '../../judging/samples.js';
import { testFleetRule } from '../fleet-support.js';
import { aPolicy, later, now } from '../support.js';
import { fill, keyOf } from './estate.js';

testFleetRule(endpointGone, fill, [
  {
    name: 'shows an endpoint that stopped answering',
    subject: keyOf('gone.example.com'),
    expected: {
      title: 'gone.example.com no longer answers',
      details: { misses: 3, outcome: 'refused', goneAt: later(-0.3) },
    },
  },
  { name: 'passes one that was missed twice', subject: keyOf('flaps.example.com'), expected: 'pass' },
  {
    name: 'shows that one where two misses are enough',
    subject: keyOf('flaps.example.com'),
    policy: aPolicy({ goneAfterMisses: 2 }),
    expected: { details: { misses: 2 } },
  },
  { name: 'passes one that never answered', subject: keyOf('never.example.com'), expected: 'pass' },
  { name: 'passes one that answers', subject: keyOf('same.example.com'), expected: 'pass' },
  {
    name: 'is shown for three days from the third miss',
    subject: keyOf('gone.example.com'),
    at: later(2.7, -1),
    expected: {},
  },
  { name: 'and no longer', subject: keyOf('gone.example.com'), at: later(2.7), expected: 'pass' },
]);

it('ends as fixed when the endpoint answers again, as gone when it never does', async () => {
  const context = { ask: () => Promise.reject(new Error('not asked')), policy: aPolicy(), now };
  const gone = [later(-2.9), later(-3).toISOString()].map((goneAt, n) =>
    opened({ id: `${n}`, details: { goneAt } }),
  );
  assert.deepEqual(
    (await endpointGone.ends(gone, context)).map(({ resolution }) => resolution),
    ['fixed', 'gone'],
  );
});
