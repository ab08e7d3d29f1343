import { notYetValid } from '../../../src/rules/time/not-yet-valid.js';
import { aCertificate, later, testRule } from '../support.js';

const starting = (notBefore: Date | null) => aCertificate({ notBefore });

testRule(notYetValid, [
  {
    name: 'flags a certificate two days before notBefore',
    input: { certificate: starting(later(2)) },
    expected: { severity: 'error', details: { notBefore: '2026-11-25T12:00:00.000Z', daysToGo: 2 } },
  },
  { name: 'flags it one millisecond before', input: { certificate: starting(later(0, 1)) }, expected: {} },
  {
    name: 'passes it at notBefore, which is inclusive',
    input: { certificate: starting(later(0)) },
    expected: 'pass',
  },
  { name: 'passes one that began long ago', input: {}, expected: 'pass' },
  {
    name: 'does not apply to a logged certificate',
    input: { certificate: starting(later(2)), source: 'logged' },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply when notBefore could not be read',
    input: { certificate: starting(null) },
    expected: 'not-applicable',
  },
]);
