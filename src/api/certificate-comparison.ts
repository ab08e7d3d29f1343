import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { certificate } from './certificate-shapes.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { list, sha256 } from './shapes.js';
import { visibleCertificate } from './visible-certificate.js';

const comparison = z
  .object({
    a: certificate,
    b: certificate,
    differences: list(z.string()).describe('Fields in which they differ.'),
    namesOnlyInA: list(z.string()),
    namesOnlyInB: list(z.string()),
  })
  .meta({ id: 'Comparison' });

/** What every two certificates differ in. */
const incomparable = new Set(['firstSeenAt', 'sha256', 'sha1']);

/** Two certificates side by side. */
export function comparisonRoute(app: Api, parts: ApiParts): void {
  app.get(
    '/api/v1/certificates/compare',
    route({
      id: 'compareCertificates',
      summary: 'Two certificates side by side, and in which fields they differ',
      access: 'reader',
      scoped: true,
      schema: {
        tags: ['certificates'],
        querystring: z.strictObject({ a: sha256, b: sha256 }),
        response: { 200: comparison },
      },
    }),
    async (request) => {
      const find = async (hash: string) => {
        return certificateOnly(await visibleCertificate(parts, request, hash));
      };
      const [a, b] = await Promise.all([find(request.query.a), find(request.query.b)]);
      const fields = Object.keys(certificate.shape) as (keyof typeof a)[];
      return {
        a,
        b,
        differences: fields.filter(
          (field) => !incomparable.has(field) && !isDeepStrictEqual(a[field], b[field]),
        ),
        namesOnlyInA: a.names.filter((name) => !b.names.includes(name)),
        namesOnlyInB: b.names.filter((name) => !a.names.includes(name)),
      };
    },
  );
}

type Certificate = z.output<typeof certificate>;

function certificateOnly(found: Certificate): Certificate {
  const fields = Object.keys(certificate.shape) as (keyof Certificate)[];
  return Object.fromEntries(fields.map((field) => [field, found[field]])) as Certificate;
}
