import type { EndpointRule } from '../rule.js';

const mostSeconds = 604_800;

/** RFC 8446 section 4.6.1: servers "MUST NOT use any value greater than 604800 seconds (7 days)" as the lifetime of a ticket. */
export const longLivedTickets: EndpointRule = {
  kind: 'endpoint',
  id: 'long-lived-tickets',
  title: 'Session tickets live too long',
  severity: 'error',
  citation: 'RFC 8446 section 4.6.1',
  remediation: 'Set the lifetime of session tickets to a day or less, and rotate the keys that seal them.',
  appliesTo: ({ observation }) => (observation.survey?.ticketLifetimeSeconds ?? null) !== null,
  check({ observation }) {
    const lifetimeSeconds = observation.survey?.ticketLifetimeSeconds ?? 0;
    return lifetimeSeconds > mostSeconds ? { details: { lifetimeSeconds, mostSeconds } } : null;
  },
};
