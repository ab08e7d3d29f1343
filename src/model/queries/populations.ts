import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, instantOrNull, textOrNull } from '../query-values.js';

/** The time a report is about, and of which domain; an empty domain means all. */
const period = z.strictObject({ from: z.date(), to: z.date(), domain: z.string() });

/** Certificates valid at any moment of the period, by SHA-256. */
export const certificatesValid = {
  name: 'certificates-valid',
  description: 'Certificates valid at any moment of the period and known by its end, by SHA-256.',
  parameters: period,
  row: z.object({
    sha256: z.string(),
    tbsSha256: z.string(),
    spkiSha256: z.string(),
    subject: z.string(),
    issuer: z.string(),
    serialNumber: z.string(),
    notBefore: instantOrNull,
    notAfter: instantOrNull,
    names: z.array(z.string()),
    keyType: z.string(),
    keyBits: count.nullable(),
    keyCurve: textOrNull,
    signatureAlgorithm: z.string(),
    isCa: z.coerce.boolean(),
    isPrecertificate: z.coerce.boolean(),
    /** When Certglass first saw it, anywhere. */
    firstSeenAt: instant,
    /** First and last time an endpoint served it within the period; null: none did. */
    servedFrom: instantOrNull,
    servedTo: instantOrNull,
    endpointCount: count,
    /** Earliest time stamp of a log, and number of logs, by the end of the period; null and 0: in none that is read. */
    loggedAt: instantOrNull,
    logCount: count,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** The bytes of these certificates. */
export const certificateBytes = {
  name: 'certificate-bytes',
  description: 'DER, in base64, of the certificates of certificates-valid, in the same order.',
  parameters: period,
  row: z.object({ sha256: z.string(), der: z.string() }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Endpoints observed in the period. */
export const endpointsObserved = {
  name: 'endpoints-observed',
  description: 'Endpoints observed in the period, by key, with what was last served in it.',
  parameters: period,
  row: z.object({
    endpoint: z.string(),
    observations: count,
    answered: count,
    firstObservedAt: instant,
    lastObservedAt: instant,
    lastOutcome: z.string(),
    certificate: textOrNull,
    tlsVersion: textOrNull,
    tlsCipher: textOrNull,
    tlsGroup: textOrNull,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Every state that findings were in up to the end of the period. */
export const findingChanges = {
  name: 'finding-changes',
  description: 'Every revision of every finding up to the end of the period, by finding and revision.',
  parameters: period,
  row: z.object({ id: z.string(), revision: count, changedAt: instant, body: z.string() }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Entries of logs dated in the period. */
export const logEntries = {
  name: 'log-entries',
  description: 'Watched log entries that their log dated within the period, by log and index.',
  parameters: period,
  row: z.object({
    logId: z.string(),
    leafIndex: count,
    timestamp: instant,
    entryType: z.string(),
    sha256: z.string(),
    leafHash: textOrNull,
    verified: z.coerce.boolean(),
    matches: z.string(),
    seenAt: instant,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Alerts made in the period. */
export const alertDeliveries = {
  name: 'alert-deliveries',
  description: 'Deliveries created in the period, by time.',
  parameters: period,
  row: z.object({
    id: z.string(),
    channel: z.string(),
    findingIds: z.array(z.string()),
    state: z.string(),
    attempts: count,
    createdAt: instant,
    sentAt: instantOrNull,
    lastDetail: z.string().nullable(),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** The audit trail of the period. */
export const auditTrail = {
  name: 'audit-trail',
  description:
    'What people and Certglass itself changed in the period, by chain and number. Of a chain everything between the first and the last entry of the period, so that no link is missing.',
  parameters: period,
  row: z.object({
    /** Empty, with number 0: written before there were chains. */
    chain: z.string(),
    number: count,
    at: instant,
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    details: z.string(),
    previous: z.string(),
    hash: z.string(),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Scans of the period. */
export const scanRuns = {
  name: 'scan-runs',
  description: 'Scans that ran in the period, by start.',
  parameters: period,
  row: z.object({
    id: z.string(),
    name: z.string(),
    startedAt: instant,
    finishedAt: instantOrNull,
    targets: count,
    outcomes: z.record(z.string(), count),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Imports of inventories in the period. */
export const inventoryImports = {
  name: 'inventory-imports',
  description: 'Runs of inventory sources that began in the period, by start.',
  parameters: period,
  row: z.object({
    source: z.string(),
    startedAt: instant,
    finishedAt: instant,
    complete: z.coerce.boolean(),
    items: count,
    errors: z.array(z.string()),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Hours of the period with observations. */
export const observationHours = {
  name: 'observation-hours',
  description: 'Hours of the period in which endpoints were observed, with how many observations, by hour.',
  parameters: period,
  row: z.object({ hour: instant, observations: count, answered: count }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Logs followed, and how far. */
export const logPositions = {
  name: 'log-positions',
  description: 'Every log that is followed, how large it is and how far it is verified, by description.',
  parameters: period,
  row: z.object({
    logId: z.string(),
    description: z.string(),
    operator: z.string(),
    url: z.string(),
    cursor: z.string(),
    treeSize: count,
    verifiedIndex: count,
    updatedAt: instant,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
