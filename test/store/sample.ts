import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { Certificate } from '../../src/model/certificate.js';
import type { CtEntry, CtPosition } from '../../src/model/ct-entry.js';
import type { Delivery } from '../../src/model/delivery.js';
import type { Finding } from '../../src/model/finding.js';
import { freshFields } from '../support/finding-fields.js';
import type { InventoryItem } from '../../src/model/inventory-item.js';
import type { Observation } from '../../src/model/observation.js';
import type { SurveyFacts } from '../../src/model/survey.js';
import { storeConfig, type StoreConfig } from '../../src/store/config.js';

/** A logger that keeps silent unless CERTGLASS_TEST_LOG is set. */
export const log: Logger = pino({ level: process.env['CERTGLASS_TEST_LOG'] ?? 'silent' });

/** Base time of samples. */
export const noon = new Date('2026-11-23T12:00:00.123Z');

/** `noon` and so many minutes. */
export function minutes(count: number): Date {
  return new Date(noon.getTime() + count * 60_000);
}

/** A new temporary folder, removed when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Configuration of an embedded store in `dataDir` that does not wait to gather rows. */
export function embeddedConfig(dataDir: string, change: object = {}): StoreConfig {
  return storeConfig.parse({ dataDir, batch: { ageMs: 0 }, ...change });
}

/** Lower-case hex SHA-256 of a text. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A certificate named by `seed`; everything else is derived from it. */
export function certificate(seed: string, change: Partial<Certificate> = {}): Certificate {
  return {
    der: Buffer.from(`der of ${seed}`),
    sha256: hash(`sha256 ${seed}`),
    sha1: hash(`sha1 ${seed}`).slice(0, 40),
    spkiSha256: hash(`spki ${seed}`),
    modulusSha256: null,
    tbsSha256: hash(`tbs ${seed}`),
    issuerSha256: hash('issuer'),
    subjectSha256: hash(`subject ${seed}`),
    subject: `CN=${seed}`,
    issuer: 'CN=Test CA',
    commonNames: [seed],
    organizations: [],
    serialNumber: hash(seed).slice(0, 32),
    notBefore: minutes(-1_000),
    notAfter: minutes(100_000),
    dnsNames: [seed],
    ipAddresses: [],
    emailAddresses: [],
    uris: [],
    names: [seed],
    key: { type: 'EC', bits: 256, curve: 'P-256' },
    signatureAlgorithm: 'ecdsa-with-SHA256',
    isCa: false,
    isSelfIssued: false,
    isPrecertificate: false,
    extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'],
    subjectKeyId: null,
    authorityKeyId: 'aabb',
    crlUrls: [],
    ocspUrls: [],
    caIssuerUrls: [],
    sctCount: 2,
    problems: [],
    ...change,
  };
}

/** A look at `host`, with a certificate unless `outcome` says otherwise. */
export function observation(host: string, change: Partial<Observation> = {}): Observation {
  const leaf = certificate(host);
  return {
    observedAt: noon,
    scanId: 'scan-1',
    target: { host, address: '192.0.2.1', port: 443, serverName: host, starttls: null },
    outcome: 'ok',
    detail: null,
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      group: 'X25519',
      alpn: null,
      clientCertificateRequested: false,
      ocspResponse: null,
    },
    certificate: leaf,
    chain: [leaf, certificate('Test CA', { isCa: true })],
    durationMs: 12,
    ...change,
  };
}

/** A survey that met `other` besides the usual certificate. */
export function surveyWith(other: Certificate, change: Partial<SurveyFacts> = {}): SurveyFacts {
  return {
    versions: [{ version: 'TLSv1.2', cipherSuites: ['TLS_RSA_WITH_RC4_128_SHA'], preference: null }],
    groups: ['P-256'],
    dhBits: 1024,
    secureRenegotiation: true,
    compression: false,
    ticketLifetimeSeconds: null,
    handshakeScts: null,
    ocspStapled: null,
    clientAuthorities: [],
    jarm: null,
    ja3s: null,
    alternates: [{ asked: 'RSA', chain: [other] }],
    connections: 20,
    incomplete: null,
    ...change,
  };
}

/** An open finding. */
export function finding(id: string, change: Partial<Finding> = {}): Finding {
  return {
    id: hash(id).slice(0, 32),
    rule: 'expired',
    severity: 'error',
    title: 'Certificate has expired',
    subject: { kind: 'endpoint', key: `${id}|192.0.2.1|443|${id}|` },
    details: { notAfter: '2026-01-01T00:00:00Z', daysLeft: -3 },
    host: id,
    certificateSha256: hash(`sha256 ${id}`),
    ...freshFields(noon),
    evidence: [{ label: 'notAfter', value: '2026-01-01', expected: null, source: 'scan', at: noon }],
    cause: hash(`cause ${id}`).slice(0, 32),
    dueAt: noon,
    change: change.state === undefined || change.state === 'open' ? 'opened' : change.state,
    resolution: change.state === 'resolved' ? 'fixed' : null,
    firstSeenAt: change.openedAt ?? noon,
    ...change,
  };
}

/** A log entry for a certificate named by `seed`. */
export function ctEntry(seed: string, leafIndex: number, change: Partial<CtEntry> = {}): CtEntry {
  return {
    logId: 'bG9nLWE=',
    leafIndex,
    timestamp: noon,
    entryType: 'x509',
    certificate: certificate(seed),
    chain: [hash('sha256 Test CA')],
    chainCertificates: [],
    verified: true,
    matches: [{ watch: 'domain', item: 'example.com', value: seed, reason: null }],
    leafHash: hash(`leaf ${seed}`),
    seenAt: noon,
    ...change,
  };
}

/** A position of a log. */
export function position(change: Partial<CtPosition> = {}): CtPosition {
  return {
    logId: 'bG9nLWE=',
    cursor: 'tail',
    description: 'Log A',
    operator: 'Operator',
    url: 'https://log.example/',
    protocol: 'rfc6962',
    state: 'usable',
    treeSize: 100,
    verifiedIndex: 90,
    followerState: '{"nodes":[]}',
    lagSeconds: 12.5,
    etaSeconds: null,
    budget: { requestsPerSecond: null, active: 1, waiting: 2, blockedSeconds: 0.5, failuresInARow: 3 },
    lastError: null,
    entriesPerSecond: 1.5,
    updatedAt: noon,
    ...change,
  };
}

/** A pending delivery of one finding's first state. */
export function delivery(channel: string, id: string, change: Partial<Delivery> = {}): Delivery {
  return {
    id: hash(`${channel} ${id}`),
    channel,
    items: [{ findingId: hash(id).slice(0, 32), revision: 1 }],
    state: 'pending',
    attempts: 0,
    createdAt: noon,
    nextAttemptAt: noon,
    sentAt: null,
    lastDetail: null,
    ...change,
  };
}

/** An inventory item that knows its certificate by every identity. */
export function inventoryItem(
  source: string,
  seed: string,
  change: Partial<InventoryItem> = {},
): InventoryItem {
  const known = certificate(seed);
  return {
    source,
    reference: `${seed}.pem`,
    sha256: known.sha256,
    sha1: known.sha1,
    spkiSha256: known.spkiSha256,
    tbsSha256: known.tbsSha256,
    issuerSha256: known.issuerSha256,
    serialNumber: known.serialNumber,
    owner: 'team-a',
    labels: { stage: 'prod' },
    environment: 'production',
    tags: ['pci'],
    names: [`${seed}.example.com`],
    inUseBy: ['listener 443'],
    status: 'ISSUED',
    renewal: {
      isAutomatic: true,
      dueAt: new Date('2026-12-01T00:00:00Z'),
      failedAt: null,
      failures: null,
      message: null,
    },
    ...change,
  };
}

/** Everything an async iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
