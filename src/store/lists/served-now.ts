import { surveyedLeaves } from '../rows/observation.js';

/**
 * What each endpoint served when it last served anything. A table of numbers that is one part most of the time, of which FINAL asks
 * nothing.
 */
export const servedNow = 'serving FINAL';

/** The `certificate_hash` of every leaf served now, those that only a survey met among them. */
export const leavesServedNow = `SELECT certificate_hash FROM ${servedNow}
  UNION ALL SELECT cityHash64(arrayJoin(${surveyedLeaves})) FROM (
    SELECT argMax(survey, observed_at) AS survey FROM endpoints WHERE kind = 'surveyed' GROUP BY endpoint_hash)`;

/** Beyond this, groups go by way of the disk: some ten million certificates, three million endpoints. */
export const spilling = 'max_bytes_before_external_group_by = 268435456';
