import type { IncidentRule } from './rule.js';

/** The name led to an address that may not be scanned: nothing was sent, so nothing is known of it. */
export const scanOutOfScope: IncidentRule = {
  kind: 'incident',
  id: 'scan-out-of-scope',
  title: 'A target lies outside the allowed networks',
  severity: 'notice',
  citation: 'Policy of the scan scope, checked on the resolved address',
  remediation: 'Correct the name or the DNS record, or add the network to the allow-list if it is yours.',
};
