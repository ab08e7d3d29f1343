import type { Total } from '../console-reader.js';
import type { Database } from '../database.js';
import type { EndpointFilter, ObservationFilter, ObservationRow } from '../reader.js';
import {
  endpointColumns,
  observationColumns,
  surveyedLeaves,
  toEndpointState,
  toObservationRow,
  type EndpointColumns,
  type ObservationColumns,
} from '../rows/observation.js';
import { hostOfKey } from '../rows/endpoint-key.js';
import type { Page, PageRequest } from '../store.js';
import type { EndpointState } from '../../model/endpoint-state.js';
import { countRows } from './counting.js';
import {
  allOf,
  byReversedHost,
  distinctRows,
  hostConditions,
  keyOfCursor,
  rowsFor,
  toPage,
  type Condition,
  type Conditions,
} from './keyset.js';

/** What a key column is selected as, to go into a cursor: its bytes may be no UTF-8. */
const reversedBase64 = 'base64Encode(host_reversed) AS host_reversed_base64';

const byHost = byReversedHost('host_reversed', 'reverse(host_reversed)');

/** Conditions on the rows of endpoints, and on what they add up to. */
function endpointConditions(filter: EndpointFilter): {
  readonly where: readonly Condition[];
  readonly having: Conditions;
} {
  const where: readonly Condition[] = [
    ['endpoint = {key:String}', { key: filter.key }],
    [
      'host_reversed = reverse({keyHost:String})',
      { keyHost: filter.key === undefined ? undefined : hostOfKey(filter.key) },
    ],
    [
      `(host_reversed, endpoint) IN (SELECT reverse(substring(endpoint, 1, position(endpoint, '|') - 1)), endpoint
         FROM served WHERE certificate = {served:String})`,
      { served: filter.certificateSha256 },
    ],
    [`splitByChar('|', endpoint)[2] = {address:String}`, { address: filter.address }],
    [`splitByChar('|', endpoint)[3] = toString({port:UInt16})`, { port: filter.port }],
    ...hostConditions(filter, byHost),
  ];
  const having = allOf([
    ['outcome = {outcome:String}', { outcome: filter.outcome }],
    [
      `(certificate = {certificate:String} OR has(${surveyedLeaves}, {certificate:String}))`,
      { certificate: filter.certificateSha256 },
    ],
  ]);
  return { where, having };
}

/** How many endpoints pass. */
export function countEndpoints(database: Database, filter: EndpointFilter): Promise<Total> {
  const { where: passes, having } = endpointConditions(filter);
  const where = allOf(passes);
  return countRows(
    database,
    `SELECT ${endpointColumns} FROM endpoints AS e WHERE ${where.sql}
     GROUP BY host_reversed, endpoint HAVING outcome != '' AND ${having.sql}`,
    { ...where.parameters, ...having.parameters },
  );
}

/** Endpoints as they are, by reversed host, then key. One whose first look is being written has no outcome yet, and is left out. */
export async function listEndpoints(
  database: Database,
  filter: EndpointFilter,
  page: PageRequest,
): Promise<Page<EndpointState>> {
  const after = keyOfCursor('endpoints', page.cursor, ['base64', 'text']);
  const { where: passes, having } = endpointConditions(filter);
  const where = allOf([
    ...passes,
    [
      `host_reversed >= base64Decode({afterHost:String})
       AND (host_reversed > base64Decode({afterHost:String}) OR endpoint > {afterKey:String})`,
      { afterHost: after?.[0], afterKey: after?.[1] },
    ],
  ]);
  const rows = await database.rows<EndpointColumns & { readonly host_reversed_base64: string }>(
    `SELECT ${endpointColumns}, ${reversedBase64} FROM endpoints AS e WHERE ${where.sql}
     GROUP BY host_reversed, endpoint HAVING outcome != '' AND ${having.sql}
     ORDER BY host_reversed, endpoint LIMIT {limit:UInt32} SETTINGS optimize_aggregation_in_order = 1`,
    { ...where.parameters, ...having.parameters, limit: rowsFor(page) },
  );
  return toPage('endpoints', page, rows, toEndpointState, (row) => [row.host_reversed_base64, row.endpoint]);
}

/** Endpoints with these keys, in no order. */
export async function endpointsByKey(
  database: Database,
  keys: readonly string[],
): Promise<readonly EndpointState[]> {
  if (keys.length === 0) return [];
  const rows = await database.rows<EndpointColumns>(
    `SELECT ${endpointColumns} FROM endpoints AS e
     WHERE host_reversed IN arrayMap(host -> reverse(host), {hosts:Array(String)}) AND endpoint IN {keys:Array(String)}
     GROUP BY host_reversed, endpoint HAVING outcome != '' LIMIT 5000`,
    { keys, hosts: [...new Set(keys.map(hostOfKey))] },
  );
  return rows.map(toEndpointState);
}

/** Looks, newest first within an endpoint. */
export async function listObservations(
  database: Database,
  filter: ObservationFilter,
  page: PageRequest,
): Promise<Page<ObservationRow>> {
  const after = keyOfCursor('observations', page.cursor, ['integer', 'text', 'integer']);
  const ofHosts = allOf(hostConditions(filter, byHost));
  const where = allOf([
    ['endpoint_hash = cityHash64({key:String}) AND endpoint = {key:String}', { key: filter.endpointKey }],
    [
      `endpoint_hash IN (SELECT cityHash64(endpoint) FROM endpoints WHERE ${ofHosts.sql})`,
      Object.keys(ofHosts.parameters).length === 0 ? { host: undefined } : ofHosts.parameters,
    ],
    ['scan_id = {scanId:String}', { scanId: filter.scanId }],
    ['outcome = {outcome:String}', { outcome: filter.outcome }],
    [
      `certificate = {certificate:String}
       AND endpoint_hash IN (SELECT cityHash64(endpoint) FROM served WHERE certificate = {certificate:String})`,
      { certificate: filter.certificateSha256 },
    ],
    ['observed_at >= fromUnixTimestamp64Milli({from:Int64})', { from: filter.from?.getTime() }],
    ['observed_at < fromUnixTimestamp64Milli({to:Int64})', { to: filter.to?.getTime() }],
    [
      `endpoint_hash <= {afterHash:UInt64} AND (endpoint_hash < {afterHash:UInt64} OR endpoint < {afterKey:String}
       OR (endpoint = {afterKey:String} AND observed_at < fromUnixTimestamp64Milli({afterMs:Int64})))`,
      { afterHash: after?.[0], afterKey: after?.[1], afterMs: after?.[2] },
    ],
  ]);
  const sql = `SELECT ${observationColumns}, endpoint_hash AS hash FROM observations WHERE ${where.sql}
    ORDER BY endpoint_hash DESC, endpoint DESC, observations.observed_at DESC LIMIT {limit:UInt32}`;
  const rows = await distinctRows(
    rowsFor(page),
    (limit) =>
      database.rows<ObservationColumns & { readonly hash: string }>(sql, { ...where.parameters, limit }),
    (row) => `${row.observed_at} ${row.endpoint}`,
  );
  return toPage('observations', page, rows, toObservationRow, (row) => [
    row.hash,
    row.endpoint,
    Date.parse(row.observed_at),
  ]);
}
