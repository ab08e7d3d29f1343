import type { IncidentRule } from './rule.js';

/** A run that did not happen is told and made up for once, never dropped in silence. */
export const scheduleMissed: IncidentRule = {
  kind: 'incident',
  id: 'schedule-missed',
  title: 'A schedule did not run on time',
  severity: 'warning',
  citation: 'Schedules run once per tick, without overlap',
  remediation: 'Look whether the service was down or the run before takes longer than the interval.',
};
