import { surveyedLeaves } from '../rows/observation.js';

/** What each endpoint served when it last served anything, by numbers: `endpoint_hash` and `certificate_hash`. */
export const servedNow = `SELECT endpoint_hash, argMax(certificate_hash, observed_at) AS certificate_hash
  FROM endpoints WHERE kind = 'ok' GROUP BY endpoint_hash`;

/** The `certificate_hash` of every leaf served now, those that only a survey met among them. */
export const leavesServedNow = `SELECT certificate_hash FROM (${servedNow})
  UNION ALL SELECT cityHash64(arrayJoin(${surveyedLeaves})) FROM (
    SELECT argMax(survey, observed_at) AS survey FROM endpoints WHERE kind = 'surveyed' GROUP BY endpoint_hash)`;

/** Setting for queries with these in them: beyond a few million endpoints they go by way of the disk. */
export const spilling = 'max_bytes_before_external_group_by = 134217728';
