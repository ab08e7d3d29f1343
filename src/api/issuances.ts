import { z } from 'zod';
import { relatedCertificate, servedSpan } from './certificate-shapes.js';
import { isVisible } from './listing/scope.js';
import { Problem } from './problem.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { endpoint, instant, list, sha256 } from './shapes.js';

const issuance = z
  .object({
    tbsSha256: z.string(),
    certificates: list(relatedCertificate).describe('Certificate and precertificates of this issuance.'),
    predecessor: relatedCertificate.nullable(),
    successor: relatedCertificate.nullable(),
    endpoints: list(endpoint).describe(
      'Endpoints that served it, its predecessor or its successor, as they are now.',
    ),
    spans: list(servedSpan).describe('Who served which of these certificates when.'),
    serving: z
      .object({
        this: z.number().int(),
        predecessor: z.number().int().describe('Not more than 0 once everything is renewed.'),
        successor: z.number().int(),
      })
      .describe('Endpoints that serve each now.'),
    renewedBeforeDays: z
      .number()
      .nullable()
      .describe(
        'Days between the issuance of the successor, or of this one, and the end of what it replaced.',
      ),
    outageAt: instant
      .nullable()
      .describe(
        'When the oldest certificate that is still served, and was replaced, expires; null: nothing is left to install.',
      ),
  })
  .meta({ id: 'DeployGap' });

const dayMs = 86_400_000;

/** One issuance: what it replaced, what replaced it, and who serves which. */
export function issuanceRoutes(app: Api, { reader }: ApiParts): void {
  app.get(
    '/api/v1/issuances/:tbsSha256',
    route({
      id: 'getIssuance',
      summary: 'One issuance, what it replaced and what replaced it, and who served which when',
      access: 'reader',
      scoped: true,
      schema: {
        tags: ['certificates'],
        params: z.strictObject({ tbsSha256: sha256 }),
        response: { 200: issuance },
      },
    }),
    async (request) => {
      const { tbsSha256 } = request.params;
      const certificates = await reader.issuance(tbsSha256);
      const [own] = certificates;
      if (own === undefined || !isVisible(request, own.names))
        throw new Problem(404, 'there is no issuance with this tbsSha256');
      const { predecessor, successor } = await reader.relatives(own.sha256);
      const family = [...certificates, predecessor, successor].filter((one) => one !== null);
      const spans = await reader.servedSpans(family.map((one) => one.sha256));
      const endpoints = await reader.endpointsByKey([
        ...new Set(spans.map(({ endpointKey }) => endpointKey)),
      ]);
      const serving = (hashes: readonly string[]) =>
        endpoints.filter(({ chain: [leaf] }) => leaf !== undefined && hashes.includes(leaf)).length;
      const counts = {
        this: serving(certificates.map((one) => one.sha256)),
        predecessor: predecessor === null ? 0 : serving([predecessor.sha256]),
        successor: successor === null ? 0 : serving([successor.sha256]),
      };
      const replaced = [
        ...(predecessor !== null && counts.predecessor > 0 ? [predecessor.notAfter] : []),
        ...(successor !== null && counts.this > 0 ? [own.notAfter] : []),
      ].filter((end) => end !== null);
      const [older, newer] = successor === null ? [predecessor, own] : [own, successor];
      const cadence =
        older?.notAfter && newer.notBefore
          ? (older.notAfter.getTime() - newer.notBefore.getTime()) / dayMs
          : null;
      return {
        tbsSha256,
        certificates,
        predecessor,
        successor,
        endpoints,
        spans,
        serving: counts,
        renewedBeforeDays: cadence,
        outageAt: replaced.length === 0 ? null : new Date(Math.min(...replaced.map((end) => end.getTime()))),
      };
    },
  );
}
