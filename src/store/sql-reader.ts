import type { Finding } from '../model/finding.js';
import type { Database } from './database.js';
import * as aggregates from './lists/aggregates.js';
import { certificateDetail } from './lists/certificate-detail.js';
import { listCertificates, listNames } from './lists/certificates.js';
import { listEndpoints, listObservations } from './lists/endpoints.js';
import { findingById, listDeliveries, listFindings } from './lists/findings.js';
import { listCtLogs, listInventory, listInventoryRuns, listScans } from './lists/operation.js';
import type { StoreReader } from './reader.js';

/** The reader over a database. */
export function createReader(
  database: Database,
  findingHistory: (id: string) => Promise<readonly Finding[]>,
): StoreReader {
  return {
    listFindings: (filter, page) => listFindings(database, filter, page),
    findingById: (id) => findingById(database, id),
    findingHistory,
    listCertificates: (filter, page) => listCertificates(database, filter, page),
    certificateDetail: (sha256) => certificateDetail(database, sha256),
    listEndpoints: (filter, page) => listEndpoints(database, filter, page),
    listObservations: (filter, page) => listObservations(database, filter, page),
    listNames: (filter, page) => listNames(database, filter, page),
    listInventory: (filter, page) => listInventory(database, filter, page),
    listInventoryRuns: () => listInventoryRuns(database),
    listScans: (page) => listScans(database, page),
    listCtLogs: () => listCtLogs(database),
    listDeliveries: (filter, page) => listDeliveries(database, filter, page),
    expiryTimeline: (from, to) => aggregates.expiryTimeline(database, from, to),
    issuerBreakdown: (now) => aggregates.issuerBreakdown(database, now),
    keyReuse: () => aggregates.keyReuse(database),
    observationsPerHour: (from, to) => aggregates.observationsPerHour(database, from, to),
    openFindingsPerDay: (from, to) => aggregates.openFindingsPerDay(database, from, to),
    findingCounts: () => aggregates.findingCounts(database),
  };
}
