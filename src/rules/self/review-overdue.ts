import type { IncidentRule } from '../rule.js';

/** PCI DSS 4.0.1, 12.3.3: suites and protocols are reviewed "at least once every 12 months"; `reports.reviews` says which reviews are asked for. */
export const reviewOverdue: IncidentRule = {
  kind: 'incident',
  id: 'review-overdue',
  title: 'A review is overdue',
  severity: 'warning',
  citation: 'reports.reviews of the configuration; PCI DSS 4.0.1, 12.3.3 for cipher suites and protocols',
  remediation:
    'Start it with `certglass review start KIND`, confirm its items and close it; the finding resolves within an hour of that.',
};
