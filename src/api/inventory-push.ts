import { z } from 'zod';
import { Problem } from './problem.js';
import { problem, problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';

/** Of one push; a certificate has about 2 kB. */
const maxBytes = 10_000_000;

const result = z
  .object({
    source: z.string().describe('Name of the source: `push:` and the name in the path.'),
    accepted: z.number().int().describe('Certificates in this push.'),
    total: z.number().int().describe('Certificates of the source now.'),
  })
  .meta({ id: 'PushResult' });

const query = z.strictObject({
  owner: z.string().min(1).max(200).optional(),
  environment: z.string().min(1).max(200).optional(),
  tag: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('May be repeated.'),
  replace: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true: this is everything the source has; what was pushed before is gone.'),
});

/** Certificates that something else says are the operator's. */
export function inventoryPushRoutes(app: Api, { actions }: ApiParts): void {
  app.register((inner, _options, done) => {
    const scope = inner as unknown as Api;
    // Certificates come in any format, so the body is taken as bytes, whatever it says it is.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBytes }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.post(
      '/api/v1/inventory/:source',
      {
        bodyLimit: maxBytes,
        config: { access: 'operator', audit: 'inventory.push' },
        schema: {
          tags: ['inventory'],
          operationId: 'pushInventory',
          summary:
            'Add certificates to the inventory: PEM, DER, PKCS #7, JSON, or SHA-256 fingerprints one a line',
          params: z.strictObject({
            source: z
              .string()
              .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
              .describe('Name of the source, for example the pipeline; it needs no configuration.'),
          }),
          querystring: query,
          response: {
            200: result,
            422: problem('The body cannot be understood; nothing was taken.'),
            ...problems,
          },
        },
      },
      async (request) => {
        const { owner, environment, tag, replace } = request.query;
        const { source } = request.params;
        request.auditDetails = { source };
        const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const tags = tag === undefined ? [] : [tag].flat();
        const facts = { owner: owner ?? null, environment: environment ?? null, labels: {}, tags };
        const pushed = await actions.pushInventory({
          source,
          content,
          replace: replace === 'true',
          ...facts,
        });
        if (typeof pushed === 'string') throw new Problem(422, pushed);
        return pushed;
      },
    );
    done();
  });
}
