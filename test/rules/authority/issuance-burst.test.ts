import { issuanceBurst } from '../../../src/rules/authority/issuance-burst.js';
import { ctEntry } from '../../store/sample.js';
import { leafOf } from '../fleet/renewals.js';
import { testFleetRule } from '../fleet-support.js';
import { aPolicy, later } from '../support.js';

let index = 0;

/** Log entries of `count` issuances for a domain, `day` days from now. */
function issued(domain: string, day: number, count: number) {
  return Array.from({ length: count }, () => {
    index += 1;
    const certificate = leafOf(`${domain} ${index}`, [`n${index}.${domain}`], [day, day + 90]);
    return ctEntry('x', index, { certificate, timestamp: later(day) });
  });
}

const policy = aPolicy({
  ownedDomains: ['burst.com', 'limit.com', 'few.com', 'young.com', 'example.com'],
});

testFleetRule(
  issuanceBurst,
  (store) =>
    store.writeCtEntries([
      ...issued('burst.com', -11, 10),
      ...issued('burst.com', -0.5, 12),
      ...issued('limit.com', -11, 20),
      ...issued('limit.com', -0.5, 10),
      ...issued('few.com', -20, 1),
      ...issued('few.com', -0.5, 9),
      ...issued('young.com', -3, 1),
      ...issued('young.com', -0.5, 30),
      ...issued('others.com', -20, 1),
      ...issued('others.com', -0.5, 30),
    ]),
  [
    {
      name: 'flags more than five times the usual',
      subject: 'burst.com',
      policy,
      expected: { title: '12 certificates for burst.com in a day', details: { lastDay: 12, usualPerDay: 1 } },
    },
    { name: 'passes five times the usual', subject: 'limit.com', policy, expected: 'pass' },
    { name: 'passes fewer than ten', subject: 'few.com', policy, expected: 'pass' },
    { name: 'waits until the usual rate is known', subject: 'young.com', policy, expected: 'pass' },
    { name: 'leaves domains alone that are not owned', subject: 'others.com', policy, expected: 'pass' },
    { name: 'ends a day later', subject: 'burst.com', policy, at: later(1), expected: 'pass' },
  ],
);
