import { z } from 'zod';
import { issuanceSorts } from '../store/console-reader.js';
import { certificateDetail, issuanceRow, listedCertificate, shorten } from './certificate-shapes.js';
import { certificateFileRoutes } from './certificate-files.js';
import { comparisonRoute } from './certificate-comparison.js';
import { listQuery, listResponse, sendList, sortWord } from './listing/list.js';
import { withinScope } from './listing/scope.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, hostFilter, moment, sha1, sha256 } from './shapes.js';
import { visibleCertificate } from './visible-certificate.js';

const yesNo = z.stringbool().optional();

const query = listQuery.extend({
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
  served: yesNo.describe('true: leaf of some endpoint now; false: of none.'),
  group: z
    .enum(['issuance'])
    .optional()
    .describe(
      'One row an issuance, with where it is served and logged. `sort` and the filters below imply it.',
    ),
  sort: sortWord(issuanceSorts),
  q: filterText
    .optional()
    .describe('Part of a name or the subject; the beginning of a hash; a serial number.'),
  owner: filterText.optional().describe('As an inventory has it.'),
  keyBits: z.coerce.number().int().min(0).max(1_000_000).optional(),
  expired: yesNo.describe('true: only expired ones; false: only others.'),
  everServed: yesNo.describe('false: those that no endpoint ever served.'),
  isCa: yesNo,
});

type Query = z.output<typeof query>;
/** What only the list of issuances knows. */
const ofIssuances = [
  'group',
  'sort',
  'q',
  'owner',
  'keyBits',
  'expired',
  'everServed',
  'isCa',
] as const satisfies readonly (keyof Query)[];

const params = z.strictObject({ sha256 });
const tags = ['certificates'];

/** Certificates: what each says, where it is served, where it is logged. */
export function certificateRoutes(app: Api, parts: ApiParts): void {
  listRoute(app, parts);
  comparisonRoute(app, parts);
  app.get(
    '/api/v1/certificates/:sha256',
    route({
      id: 'getCertificate',
      summary:
        'One certificate: everywhere it was met, its relatives, and what every rule and root store says of it',
      access: 'reader',
      scoped: true,
      schema: { tags, params, response: { 200: certificateDetail } },
    }),
    async (request) => {
      const { reader, insight, now } = parts;
      const found = await visibleCertificate(parts, request, request.params.sha256);
      const [relatives, examination] = await Promise.all([
        reader.relatives(found.sha256),
        found.der.length === 0
          ? null
          : insight.examine(
              {
                der: found.der,
                served: found.servedNow[0]?.chain.slice(1) ?? [],
                logged: await reader.loggedChain([found.sha256, ...found.issuance.map((one) => one.sha256)]),
                host: found.servedNow[0]?.target.serverName ?? null,
              },
              now(),
            ),
      ]);
      return { ...found, ...relatives, examination };
    },
  );
  certificateFileRoutes(app, parts);
}

function listRoute(app: Api, { reader, now }: ApiParts): void {
  app.get(
    '/api/v1/certificates',
    route({
      id: 'listCertificates',
      summary: 'Certificates, or one row an issuance',
      access: 'reader',
      scoped: true,
      schema: {
        tags,
        querystring: query,
        response: { 200: listResponse(z.union([listedCertificate, issuanceRow])) },
      },
    }),
    (request, reply) => {
      const { limit, cursor, fields, format, group: _group, sort, ...filters } = request.query;
      const filter = { ...filters, ...withinScope(request) };
      const asked = { limit, cursor, fields, format };
      if (ofIssuances.every((name) => request.query[name] === undefined))
        return sendList(request, reply, asked, {
          item: listedCertificate,
          name: 'certificates',
          async page(page) {
            const { items, nextCursor } = await reader.listCertificates(filter, page);
            return { items: items.map(shorten), nextCursor };
          },
          count: () => reader.countIssuances(filter, now()),
        });
      const order = sort ?? { by: 'notAfter', descending: false };
      return sendList(request, reply, asked, {
        item: issuanceRow,
        name: 'issuances',
        async page(page) {
          const { items, nextCursor } = await reader.listIssuances(filter, order, page, now());
          return { items: items.map(shorten), nextCursor };
        },
        count: () => reader.countIssuances(filter, now()),
      });
    },
  );
}
