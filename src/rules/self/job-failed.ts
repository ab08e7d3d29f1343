import type { IncidentRule } from '../rule.js';

/** A scan, an import or an evaluation that cannot run leaves everything it would have seen unseen; nobody notices by looking at findings. */
export const jobFailed: IncidentRule = {
  kind: 'incident',
  id: 'job-failed',
  title: 'A scheduled job failed',
  severity: 'error',
  citation: 'Schedules of the configuration: a job that does not run is reported, never dropped in silence',
  remediation:
    'Read the reason and correct the configuration; the finding resolves with the next run that succeeds.',
};
