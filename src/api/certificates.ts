import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CertificateDetail, CertificateRow, StoreReader } from '../store/reader.js';
import { Problem } from './problem.js';
import { file, problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import {
  endpoint,
  filterText,
  hostFilter,
  instant,
  inventoryItem,
  list,
  moment,
  page,
  pageQuery,
  sha1,
  sha256,
} from './shapes.js';

const texts = list(z.string());

const certificate = z
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

const listed = certificate
  .extend({
    nameCount: z.number().int().describe('All names; of each kind of name a list gives the first 100.'),
  })
  .meta({ id: 'ListedCertificate' });

function shorten(row: CertificateRow): CertificateRow & { readonly nameCount: number } {
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

const detail = certificate
  .extend({
    servedNow: list(endpoint).describe('Endpoints whose last certificate is this one.'),
    servedEver: list(z.object({ endpointKey: z.string(), firstSeenAt: instant, lastSeenAt: instant })),
    logged: list(place).describe('Log entries of this certificate and of its precertificate.'),
    inventory: list(inventoryItem),
    issuance: list(z.object({ sha256: z.string(), isPrecertificate: z.boolean() })),
  })
  .meta({ id: 'CertificateDetail' });

const query = pageQuery.extend({
  ...hostFilter,
  sha1: sha1.optional(),
  spkiSha256: sha256.optional(),
  modulusSha256: sha256.optional(),
  tbsSha256: sha256.optional(),
  issuerSha256: sha256.optional(),
  serialNumber: z
    .string()
    .regex(/^[0-9A-Fa-f:]{1,200}$/, 'must be hex')
    .transform((text) =>
      text
        .replaceAll(':', '')
        .toLowerCase()
        .replace(/^0+(?=.)/, ''),
    )
    .optional(),
  issuer: filterText.optional().describe("Part of the issuer's name."),
  keyType: filterText.optional(),
  expiresBefore: moment.optional(),
  expiresAfter: moment.optional(),
  served: z.stringbool().optional().describe('true: leaf of some endpoint now; false: of none.'),
});

const params = z.strictObject({ sha256 });
const tags = ['certificates'];
const access = { access: 'reader' } as const;

/** Certificates: what each says, where it is served, where it is logged. */
export function certificateRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/certificates',
    {
      config: access,
      schema: {
        tags,
        summary: 'Certificates',
        querystring: query,
        response: { 200: page(listed), ...problems },
      },
    },
    async ({ query: { limit, cursor, ...filter } }) => {
      const { items, nextCursor } = await reader.listCertificates(filter, { limit, cursor });
      return { items: items.map(shorten), nextCursor };
    },
  );
  app.get(
    '/api/v1/certificates/:sha256',
    {
      config: access,
      schema: {
        tags,
        summary: 'One certificate, and everywhere it was met',
        params,
        response: { 200: detail, ...problems },
      },
    },
    ({ params: { sha256: hash } }) => find(reader, hash),
  );
  downloadRoutes(app, reader);
}

function downloadRoutes(app: Api, reader: StoreReader): void {
  app.get(
    '/api/v1/certificates/:sha256.pem',
    {
      config: access,
      schema: {
        tags,
        summary: 'The certificate as PEM',
        params,
        response: { 200: file('PEM', 'application/x-pem-file'), ...problems },
      },
    },
    async ({ params: { sha256: hash } }, reply) =>
      download(reply, `${hash}.pem`, 'application/x-pem-file', toPem(await bytesOf(reader, hash))),
  );
  app.get(
    '/api/v1/certificates/:sha256.der',
    {
      config: access,
      schema: {
        tags,
        summary: 'The exact bytes received',
        params,
        response: { 200: file('DER', 'application/pkix-cert'), ...problems },
      },
    },
    async ({ params: { sha256: hash } }, reply) =>
      download(reply, `${hash}.der`, 'application/pkix-cert', Buffer.from(await bytesOf(reader, hash))),
  );
}

async function bytesOf(reader: StoreReader, hash: string): Promise<Uint8Array> {
  const { der } = await find(reader, hash);
  if (der.length === 0) throw new Problem(404, 'only the names of this certificate were kept, not its bytes');
  return der;
}

async function find(reader: StoreReader, hash: string): Promise<CertificateDetail> {
  const found = await reader.certificateDetail(hash);
  if (found === null) throw new Problem(404, 'there is no certificate with this SHA-256');
  return found;
}

function download(reply: FastifyReply, name: string, type: string, body: string | Buffer): FastifyReply {
  return reply.header('content-disposition', `attachment; filename="${name}"`).type(type).send(body);
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
