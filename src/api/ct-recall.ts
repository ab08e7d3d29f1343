import { z } from 'zod';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, list } from './shapes.js';

const count = z.number().int();
const recall = z
  .object({
    measuredAt: instant,
    operators: list(
      z.object({
        operator: z.string(),
        expected: count.describe(
          'Pairs of a certificate that is served for an owned domain and a log of the operator that signed for it since the log is read here, the last day apart.',
        ),
        found: count.describe('Those of which the entry was read.'),
      }),
    ).describe('By operator of the logs that are followed.'),
    missing: list(
      z.object({
        sha256: z.string(),
        subject: z.string(),
        log: z.string(),
        operator: z.string(),
        signedAt: instant,
      }),
    ).describe('Pairs of which no entry was read, at most 100.'),
    names: z
      .object({ logged: count, scanned: count })
      .describe(
        'Names of unexpired logged certificates for the owned domains, wildcards apart, and how many of them a scan got a certificate from.',
      ),
  })
  .meta({ id: 'CtRecall' });

/** How much of what is served was read in the logs, and the reverse. */
export function ctRecallRoutes(app: Api, { recall: measure }: ApiParts): void {
  app.get(
    '/api/v1/ct/recall',
    route({
      id: 'getCtRecall',
      summary:
        'Share of served certificates that CT reading has as well, by log operator, and of logged names that are scanned',
      access: 'reader',
      schema: { tags: ['ct'], response: { 200: recall } },
    }),
    () => measure(),
  );
}
