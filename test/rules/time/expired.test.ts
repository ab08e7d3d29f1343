import { expired } from '../../../src/rules/time/expired.js';
import { aCertificate, later, testRule } from '../support.js';

const ending = (notAfter: Date | null) => aCertificate({ notAfter });

testRule(expired, [
  {
    name: 'flags a certificate three days after notAfter as critical when it is served',
    input: { certificate: ending(later(-3)) },
    expected: { severity: 'critical', details: { notAfter: '2026-11-20T12:00:00.000Z', daysAgo: 3 } },
  },
  {
    name: 'flags it one millisecond after notAfter',
    input: { certificate: ending(later(0, -1)) },
    expected: {},
  },
  {
    name: 'passes it at notAfter, which is inclusive',
    input: { certificate: ending(later(0)) },
    expected: 'pass',
  },
  {
    name: 'flags an expired file as an error: nobody is cut off by it',
    input: { certificate: ending(later(-3)), source: 'file', host: null },
    expected: { severity: 'error' },
  },
  {
    name: 'flags a notAfter in year 0',
    input: { certificate: ending(new Date('0000-01-01T00:00:00Z')) },
    expected: { severity: 'critical' },
  },
  {
    name: 'passes a notAfter in year 9999 (RFC 5280 section 4.1.2.5: no well-defined end)',
    input: { certificate: ending(new Date('9999-12-31T23:59:59Z')) },
    expected: 'pass',
  },
  {
    name: 'does not apply to a logged certificate: expiry in a log harms nobody',
    input: { certificate: ending(later(-3)), source: 'logged' },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply when notAfter could not be read',
    input: { certificate: ending(null) },
    expected: 'not-applicable',
  },
]);
