import { endpointChangesQuery, endpointPresenceQuery } from './endpoint-changes.js';
import { lookAlikesQuery, watchedIssuancesQuery } from './watched-entries.js';
import { caaAnswersQuery } from './caa-answers.js';
import { caaIssuedQuery } from './caa-issued.js';
import { namesLostQuery } from './names-lost.js';
import { renewalMovesQuery } from './renewal-moves.js';
import { renewalWindowsQuery } from './renewal-windows.js';
import { silentEndpointsQuery } from './silent-endpoints.js';
import { statusesServedQuery } from './statuses-served.js';
import { failingRenewalsQuery } from './failing-renewals.js';
import { neverSurveyedQuery } from './never-surveyed.js';
import { expositionQueries } from './exposition.js';
import { issuanceRatesQuery } from './issuance-rates.js';
import { keysServedQuery } from './keys-served.js';
import type { PreparedQuery } from './query.js';
import { hostsServedQuery } from './hosts-served.js';
import { wildcardsServedQuery } from './wildcards-served.js';
import { itemsNotInUseQuery } from './items-not-in-use.js';
import { unusedIssuancesQuery } from './unused-issuances.js';
import { issuancesLoggedQuery } from './issuances-logged.js';
import { recallQueries } from './recall.js';
import { renewalsQuery } from './renewals.js';
import { issuanceExplanationsQuery, unexplainedIssuancesQuery } from './unexplained-issuances.js';

/** Every prepared query. */
export const preparedQueries: readonly PreparedQuery[] = [
  endpointChangesQuery,
  endpointPresenceQuery,
  failingRenewalsQuery,
  lookAlikesQuery,
  watchedIssuancesQuery,
  issuanceExplanationsQuery,
  issuanceRatesQuery,
  keysServedQuery,
  renewalsQuery,
  unexplainedIssuancesQuery,
  unusedIssuancesQuery,
  itemsNotInUseQuery,
  issuancesLoggedQuery,
  hostsServedQuery,
  wildcardsServedQuery,
  ...expositionQueries,
  ...recallQueries,
  caaAnswersQuery,
  caaIssuedQuery,
  namesLostQuery,
  neverSurveyedQuery,
  renewalMovesQuery,
  renewalWindowsQuery,
  silentEndpointsQuery,
  statusesServedQuery,
];
