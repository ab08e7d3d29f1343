import type { IncidentRule } from '../rule.js';

/** A certificate issued on purpose did not come back through the logs: somewhere between log and alert the chain is broken. */
export const ctCanaryMissing: IncidentRule = {
  kind: 'incident',
  id: 'ct-canary-missing',
  title: 'The canary certificate was not seen',
  severity: 'error',
  citation: 'Measure of SSLMate certspotter: a test certificate issued every day',
  remediation:
    'Check that it was issued, then follow it: log, follower, watch list. Until it is seen, other certificates may be missed too.',
};
