import { z } from 'zod';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { list, severity } from './shapes.js';

const previewed = z.object({
  id: z.string(),
  rule: z.string(),
  severity,
  state: z.string(),
  title: z.string(),
  subject: z.object({ kind: z.string(), key: z.string() }),
  host: z.string().nullable(),
});

const count = z.number().int();
const preview = z
  .object({
    opens: list(previewed).describe('Findings that would open, at most 1,000.'),
    closes: list(previewed).describe('Findings that would be resolved, at most 1,000.'),
    changes: list(z.object({ before: previewed, after: previewed })).describe(
      'Findings whose severity or state would be another, at most 1,000.',
    ),
    counts: z.object({ opens: count, closes: count, changes: count }).describe('How many there are in all.'),
  })
  .meta({ id: 'PolicyPreview' });

/** What a policy would change, before it is in force. */
export function policyRoutes(app: Api, { previewPolicy }: ApiParts): void {
  app.post(
    '/api/v1/policy/preview',
    route({
      id: 'previewPolicy',
      summary:
        'Which findings would open, close and change if this policy were in force; judges everything that is stored, and changes nothing',
      access: 'operator',
      audit: null,
      schema: {
        tags: ['policy'],
        body: z.strictObject({
          policy: z.record(z.string(), z.unknown()).describe('The section `policy` of a configuration.'),
        }),
        response: { 200: preview, 422: problem('The policy is not valid.') },
      },
    }),
    async ({ body }) => {
      const answer = await previewPolicy(body.policy);
      if (typeof answer === 'string') throw new Problem(422, answer);
      return answer;
    },
  );
}
