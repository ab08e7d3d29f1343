import { surveyedLeaves } from '../rows/observation.js';

/** What each endpoint served when it last served anything, by numbers: `endpoint_hash` and `certificate_hash`. */
export const servedNow = `SELECT endpoint_hash, argMax(certificate_hash, observed_at) AS certificate_hash
  FROM endpoints WHERE kind = 'ok' GROUP BY endpoint_hash`;

/** The `certificate_hash` of every leaf served now, those that only a survey met among them. */
export const leavesServedNow = `SELECT certificate_hash FROM (${servedNow})
  UNION ALL SELECT cityHash64(arrayJoin(${surveyedLeaves})) FROM (
    SELECT argMax(survey, observed_at) AS survey FROM endpoints WHERE kind = 'surveyed' GROUP BY endpoint_hash)`;

/**
 * Settings for queries that count by these: numbers are no key of the tables they are looked for in, days are; beyond some three
 * million endpoints they go by way of the disk.
 */
export const countingSettings =
  'use_index_for_in_with_subqueries = 0, optimize_aggregation_in_order = 1, max_bytes_before_external_group_by = 268435456';
