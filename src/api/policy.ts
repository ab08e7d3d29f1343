import { z } from 'zod';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, list, severity } from './shapes.js';

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

const explanation = z
  .object({
    name: z.string(),
    ownedDomain: z.string().nullable().describe('The owned domain it lies under.'),
    owner: z.string().nullable(),
    environment: z.string().nullable(),
    tags: list(z.string()),
    line: count.nullable().describe('Line of `policy.owners` that applies, from 0; null: none.'),
    considered: list(z.object({ line: count, applies: z.boolean(), because: z.string() })).describe(
      'The lines of `policy.owners` up to the one that applies.',
    ),
    approvedIssuers: list(z.string()).describe('Issuers that may issue for it; empty while any may.'),
    expiring: z
      .object({
        warnFraction: z.number(),
        warnDays: z.number(),
        errorFraction: z.number(),
        errorDays: z.number(),
      })
      .describe('When `expiring` warns about it.'),
    rules: list(z.object({ rule: z.string(), enabled: z.boolean(), severity: severity.nullable() })).describe(
      'Rules that are switched off or have another severity for it.',
    ),
    exceptions: list(
      z.object({ rules: list(z.string()), reason: z.string(), approver: z.string(), expires: z.string() }),
    ),
  })
  .meta({ id: 'PolicyExplanation' });

/** What the policy says of a name, and what another would change before it is in force. */
export function policyRoutes(app: Api, { previewPolicy, explainPolicy }: ApiParts): void {
  app.get(
    '/api/v1/policy/explain',
    route({
      id: 'explainPolicy',
      summary:
        'What the policy in force says of a name: owner, approved issuers, thresholds, exceptions, and why',
      access: 'reader',
      schema: {
        tags: ['policy'],
        querystring: z.strictObject({
          name: filterText.describe('Host name or address.'),
          address: filterText.optional().describe('Address it was probed at.'),
          issuer: filterText.optional().describe("Issuer's name (RFC 4514)."),
        }),
        response: { 200: explanation },
      },
    }),
    async ({ query: { name, address, issuer } }) =>
      explainPolicy({ host: name.toLowerCase(), address: address ?? null, issuer: issuer ?? null }),
  );
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
