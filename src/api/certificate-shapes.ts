import { z } from 'zod';
import { severities } from '../model/severity.js';
import type { CertificateRow } from '../store/reader.js';
import { examinationShape } from './insight.js';
import { endpoint, inventoryItem, instant, list } from './shapes.js';

const texts = list(z.string());

/** A certificate as it was read. */
export const certificate = z
  .object({
    sha256: z.string(),
    sha1: z.string(),
    spkiSha256: z.string().nullable(),
    modulusSha256: z.string().nullable(),
    tbsSha256: z.string().nullable(),
    issuerSha256: z.string().nullable(),
    subjectSha256: z.string().nullable(),
    subject: z.string(),
    issuer: z.string(),
    serialNumber: z.string(),
    notBefore: instant.nullable(),
    notAfter: instant.nullable(),
    commonNames: texts,
    organizations: texts,
    dnsNames: texts,
    ipAddresses: texts,
    emailAddresses: texts,
    uris: texts,
    names: texts,
    key: z.object({ type: z.string(), bits: z.number().nullable(), curve: z.string().nullable() }).nullable(),
    signatureAlgorithm: z.string().nullable(),
    isCa: z.boolean(),
    isSelfIssued: z.boolean(),
    isPrecertificate: z.boolean(),
    extendedKeyUsages: texts.nullable(),
    subjectKeyId: z.string().nullable(),
    authorityKeyId: z.string().nullable(),
    crlUrls: texts,
    ocspUrls: texts,
    caIssuerUrls: texts,
    sctCount: z.number().int().nullable(),
    problems: list(z.object({ code: z.string(), message: z.string(), fatal: z.boolean() })),
    firstSeenAt: instant,
  })
  .meta({ id: 'Certificate' });

/** A certificate in a list: see {@link shorten}. */
export const listedCertificate = certificate
  .extend({
    nameCount: z.number().int().describe('All names; of each kind of name a list gives the first 100.'),
  })
  .meta({ id: 'ListedCertificate' });

/** One issuance in a list. */
export const issuanceRow = listedCertificate
  .extend({
    servedCount: z.number().int().describe('Endpoints that serve it now.'),
    logged: z.boolean().describe('A log had its certificate or precertificate.'),
    worstFinding: z
      .object({ id: z.string(), rule: z.string(), severity: z.enum(severities) })
      .nullable()
      .describe('The worst finding about it that is not resolved.'),
    owner: z.string().nullable().describe('As an inventory has it.'),
  })
  .meta({ id: 'Issuance' });

/** One certificate may bear thousands of names: a list gives the first of each kind, the certificate's own resource all. */
const maxListed = 100;
const long = [
  'dnsNames',
  'ipAddresses',
  'emailAddresses',
  'uris',
  'names',
  'commonNames',
  'organizations',
] as const;

/** The row with its lists cut short, and how many names there are. */
export function shorten<R extends CertificateRow>(row: R): R & { readonly nameCount: number } {
  const cut = Object.fromEntries(long.map((kind) => [kind, row[kind].slice(0, maxListed)]));
  return { ...row, ...cut, problems: row.problems.slice(0, maxListed), nameCount: row.names.length };
}

const place = z.object({
  logId: z.string(),
  log: z.string().nullable(),
  leafIndex: z.number().int(),
  timestamp: instant,
  entryType: z.enum(['x509', 'precertificate', 'unknown']),
  verified: z.boolean(),
});

/** A certificate as a relative of another one. */
export const relatedCertificate = z
  .object({
    sha256: z.string(),
    tbsSha256: z.string().nullable(),
    subject: z.string(),
    issuer: z.string(),
    notBefore: instant.nullable(),
    notAfter: instant.nullable(),
    names: texts.describe('At most 100.'),
    servedCount: z.number().int(),
  })
  .meta({ id: 'RelatedCertificate' });

/** When an endpoint served what. */
export const servedSpan = z
  .object({ endpointKey: z.string(), sha256: z.string(), firstSeenAt: instant, lastSeenAt: instant })
  .meta({ id: 'ServedSpan' });

/** A certificate with everything around it. */
export const certificateDetail = certificate
  .extend({
    servedNow: list(endpoint).describe('Endpoints whose last certificate is this one.'),
    servedEver: list(z.object({ endpointKey: z.string(), firstSeenAt: instant, lastSeenAt: instant })),
    logged: list(place).describe('Log entries of this certificate and of its precertificate.'),
    inventory: list(inventoryItem),
    issuance: list(z.object({ sha256: z.string(), isPrecertificate: z.boolean() })),
    predecessor: relatedCertificate.nullable().describe('Of the same names, issued before it.'),
    successor: relatedCertificate.nullable().describe('Of the same names, issued after it.'),
    sameKey: list(relatedCertificate).describe('Other issuances with the same key, at most 100.'),
    examination: examinationShape.nullable().describe('null when only the names were kept.'),
  })
  .meta({ id: 'CertificateDetail' });
