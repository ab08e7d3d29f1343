import { longLivedTickets } from '../../../src/rules/crypto/long-lived-tickets.js';
import { surveyed, testRule } from '../support.js';

testRule(longLivedTickets, [
  {
    name: 'flags eight days',
    input: surveyed({ ticketLifetimeSeconds: 691_200 }),
    expected: { severity: 'error', details: { lifetimeSeconds: 691_200, mostSeconds: 604_800 } },
  },
  {
    name: 'flags a second more than seven days',
    input: surveyed({ ticketLifetimeSeconds: 604_801 }),
    expected: { severity: 'error' },
  },
  { name: 'passes seven days', input: surveyed({ ticketLifetimeSeconds: 604_800 }), expected: 'pass' },
  {
    name: 'does not apply where no tickets are issued',
    input: surveyed({ ticketLifetimeSeconds: null }),
    expected: 'not-applicable',
  },
]);
