import type { Finding } from '../model/finding.js';
import type { ApiReader } from './console-reader.js';
import { createConsoleReader } from './sql-console-reader.js';
import type { Database } from './database.js';
import * as aggregates from './lists/aggregates.js';
import { certificateDetail } from './lists/certificate-detail.js';
import { answerHistory, listAnswers } from './lists/answers.js';
import { listCertificates, listNames } from './lists/certificates.js';
import { listEndpoints, listObservations } from './lists/endpoints.js';
import { findingById, listDeliveries, listFindings } from './lists/findings.js';
import { listCtLogs, listInventory, listInventoryRuns, listScans } from './lists/operation.js';
import type { CertificateFilter, EndpointFilter, ObservationFilter } from './reader.js';

/** The reader over a database. */
export function createReader(
  database: Database,
  findingHistory: (id: string) => Promise<readonly Finding[]>,
): ApiReader {
  /** What is found by a key answers at once; a filter without one may read a whole table for a page. */
  const byWeight = <T>(isHeavy: boolean, work: () => Promise<T>): Promise<T> =>
    isHeavy ? database.heavily(work) : work();
  const heavy = <T>(work: () => Promise<T>): Promise<T> => database.heavily(work);
  return {
    ...createConsoleReader(database),
    listFindings: (filter, page) => listFindings(database, filter, page),
    findingById: (id) => findingById(database, id),
    findingHistory,
    listCertificates: (filter, page) =>
      byWeight(scansCertificates(filter), () => listCertificates(database, filter, page)),
    certificateDetail: (sha256) => certificateDetail(database, sha256),
    listEndpoints: (filter, page) =>
      byWeight(scansEndpoints(filter), () => listEndpoints(database, filter, page)),
    listObservations: (filter, page) =>
      byWeight(scansObservations(filter), () => listObservations(database, filter, page)),
    listNames: (filter, page) =>
      byWeight(filter.hostContains !== undefined, () => listNames(database, filter, page)),
    listInventory: (filter, page) => listInventory(database, filter, page),
    listInventoryRuns: () => listInventoryRuns(database),
    listScans: (page) => listScans(database, page),
    listAnswers: (filter, page) => listAnswers(database, filter, page),
    answerHistory: (question, key) => answerHistory(database, question, key),
    listCtLogs: () => heavy(() => listCtLogs(database)),
    listDeliveries: (filter, page) => listDeliveries(database, filter, page),
    expiryTimeline: (from, to) => heavy(() => aggregates.expiryTimeline(database, from, to)),
    issuerBreakdown: (now) => heavy(() => aggregates.issuerBreakdown(database, now)),
    keyReuse: () => heavy(() => aggregates.keyReuse(database)),
    observationsPerHour: (from, to) => heavy(() => aggregates.observationsPerHour(database, from, to)),
    openFindingsPerDay: (from, to) => heavy(() => aggregates.openFindingsPerDay(database, from, to)),
    findingCounts: () => heavy(() => aggregates.findingCounts(database)),
  };
}

const isGiven = (values: readonly unknown[]): boolean => values.some((value) => value !== undefined);

function scansCertificates(filter: CertificateFilter): boolean {
  const { sha1, spkiSha256, modulusSha256, tbsSha256, serialNumber, host } = filter;
  if (isGiven([sha1, spkiSha256, modulusSha256, tbsSha256, serialNumber, host]))
    return filter.served !== undefined;
  const { issuerSha256, issuer, keyType, expiresBefore, expiresAfter, served, hostContains } = filter;
  return isGiven([issuerSha256, issuer, keyType, expiresBefore, expiresAfter, served, hostContains]);
}

function scansEndpoints({
  key,
  host,
  certificateSha256,
  address,
  port,
  outcome,
  hostContains,
}: EndpointFilter): boolean {
  return !isGiven([key, host, certificateSha256]) && isGiven([address, port, outcome, hostContains]);
}

function scansObservations(filter: ObservationFilter): boolean {
  const { endpointKey, host, certificateSha256, scanId, outcome, from, to, hostContains } = filter;
  return (
    !isGiven([endpointKey, host, certificateSha256]) && isGiven([scanId, outcome, from, to, hostContains])
  );
}
