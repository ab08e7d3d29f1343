import type { ConsoleReader } from './console-reader.js';
import type { Database } from './database.js';
import { listAudit } from './lists/audit.js';
import { channelStates } from './lists/channels.js';
import { countCtMatches, listCtMatches } from './lists/ct-matches.js';
import { domainFigures } from './lists/domains.js';
import { countNames } from './lists/certificates.js';
import { endpointFacts } from './lists/endpoint-facts.js';
import { countEndpoints, endpointsByKey } from './lists/endpoints.js';
import { countDeliveries } from './lists/findings.js';
import * as groups from './lists/finding-groups.js';
import * as issuances from './lists/issuances.js';
import { listInventorySources, scanById } from './lists/operation.js';
import * as overview from './lists/overview.js';
import { endpointSpans, loggedChain, relatives, servedSpans } from './lists/relatives.js';
import { search } from './lists/search.js';

/** The reader of the console over a database. */
export function createConsoleReader(database: Database): ConsoleReader {
  const heavy = <T>(work: () => Promise<T>): Promise<T> => database.heavily(work);
  return {
    sortedFindings: (...given) => groups.sortedFindings(database, ...given),
    countFindings: (filter) => groups.countFindings(database, filter),
    findingGroups: (...given) => groups.findingGroups(database, ...given),
    findingFacets: (filter) => groups.findingFacets(database, filter),
    openByOwner: () => groups.openByOwner(database),
    channelStates: () => channelStates(database),
    countDeliveries: (filter) => countDeliveries(database, filter),
    deliveriesOf: (id) => groups.deliveriesOf(database, id),
    relatedFindings: (finding) => groups.relatedFindings(database, finding),
    listIssuances: (...given) => heavy(() => issuances.listIssuances(database, ...given)),
    countIssuances: (filter, now) => heavy(() => issuances.countIssuances(database, filter, now)),
    relatives: (sha256) => relatives(database, sha256),
    loggedChain: (sha256) => loggedChain(database, sha256),
    issuance: (tbsSha256) => issuances.issuance(database, tbsSha256),
    servedSpans: (sha256) => servedSpans(database, sha256),
    endpointSpans: (key) => endpointSpans(database, key),
    countEndpoints: (filter) => heavy(() => countEndpoints(database, filter)),
    countNames: (filter) => heavy(() => countNames(database, filter)),
    endpointFacts: (endpoints) => endpointFacts(database, endpoints),
    certificatesByHash: (sha256) => issuances.certificatesByHash(database, sha256),
    endpointsByKey: (keys) => endpointsByKey(database, keys),
    endpointOutcomes: () => heavy(() => overview.endpointOutcomes(database)),
    overviewFigures: (now) => heavy(() => overview.overviewFigures(database, now)),
    servedByIssuer: () => heavy(() => overview.servedByIssuer(database)),
    servedByOwner: () => heavy(() => overview.servedByOwner(database)),
    servedByEnvironment: () => heavy(() => overview.servedByEnvironment(database)),
    expiryDays: (now, days) => heavy(() => overview.expiryDays(database, now, days)),
    recallSample: (since) => heavy(() => overview.recallSample(database, since)),
    domainFigures: (domain, now) => heavy(() => domainFigures(database, domain, now)),
    listCtMatches: (filter, page) => heavy(() => listCtMatches(database, filter, page)),
    countCtMatches: (filter) => heavy(() => countCtMatches(database, filter)),
    scanById: (id) => scanById(database, id),
    listInventorySources: () => listInventorySources(database),
    listAudit: (filter, page) => listAudit(database, filter, page),
    search: (q, within) => search(database, q, within),
  };
}
