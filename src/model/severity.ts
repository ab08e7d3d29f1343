/** How much a finding matters, from least to most. */
export const severities = ['notice', 'warning', 'error', 'critical'] as const;

/** One of {@link severities}. MUST broken = error, SHOULD broken = warning, judgement = notice, outage or attack = critical. */
export type Severity = (typeof severities)[number];

/** True when `severity` is at or above `threshold`. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(threshold);
}
