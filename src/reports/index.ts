import { caUsage } from './ca-usage.js';
import { coverage } from './coverage.js';
import { cryptography } from './cryptography.js';
import { ctMonitoring } from './ct-monitoring.js';
import { deliveries } from './deliveries.js';
import { exceptions } from './exceptions.js';
import { expiryForecast } from './expiry-forecast.js';
import { findings } from './findings.js';
import { inventory } from './inventory.js';
import { keySharing } from './key-sharing.js';
import { renewals } from './renewals.js';
import type { Report, ReportContent, ReportInput } from './report.js';
import { summaryOf } from './summary.js';
import { unexplained } from './unexplained.js';

const parts: readonly Report[] = [
  inventory,
  expiryForecast,
  renewals,
  findings,
  exceptions,
  unexplained,
  ctMonitoring,
  cryptography,
  caUsage,
  keySharing,
  deliveries,
  coverage,
].map(once);

/** Every report; the first sums up the others. */
export const reports: readonly Report[] = [summaryOf(parts), ...parts];

/** What a report says of the same input is worked out once: the summary repeats what the others say. */
function once(report: Report): Report {
  const built = new WeakMap<ReportInput, Promise<ReportContent>>();
  return {
    ...report,
    build(input) {
      const known = built.get(input) ?? report.build(input);
      built.set(input, known);
      return known;
    },
  };
}
