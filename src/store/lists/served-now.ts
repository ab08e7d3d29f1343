import { surveyedLeaves } from '../rows/observation.js';

/** What each endpoint served when it last served anything, by numbers: `endpoint_hash` and `certificate_hash`. */
export const servedNow = `SELECT endpoint_hash, argMax(certificate_hash, observed_at) AS certificate_hash
  FROM endpoints WHERE kind = 'ok' GROUP BY endpoint_hash`;

/** The `certificate_hash` of every leaf served now, those that only a survey met among them. */
export const leavesServedNow = `SELECT certificate_hash FROM (${servedNow})
  UNION ALL SELECT cityHash64(arrayJoin(${surveyedLeaves})) FROM (
    SELECT argMax(survey, observed_at) AS survey FROM endpoints WHERE kind = 'surveyed' GROUP BY endpoint_hash)`;

/**
 * Settings for queries that look for these numbers in tables of which they are no key, while days are; beyond some three million endpoints
 * their groups go by way of the disk.
 */
export const spilling =
  'use_index_for_in_with_subqueries = 0, max_bytes_before_external_group_by = 268435456';

/** The same for queries whose groups stand in the order of the key. */
export const countingSettings = `${spilling}, optimize_aggregation_in_order = 1`;
