import { z } from 'zod';
import { listQuery, listResponse, sendSlice } from './listing/list.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { list } from './shapes.js';

const setting = z
  .object({
    key: z.string(),
    value: z.unknown().describe('Secrets are replaced by dots.'),
    default: z.unknown(),
    origin: z.enum(['default', 'environment', 'file']).describe('Where the value comes from.'),
  })
  .meta({ id: 'Setting' });

const policy = z
  .object({
    settings: list(setting).describe('The policy, each value with its default and where it comes from.'),
    rules: list(
      z.object({
        id: z.string(),
        title: z.string(),
        enabled: z.boolean(),
        severity: z
          .string()
          .describe('In force; a hit may bring another one along where the policy sets none.'),
        usualSeverity: z.string(),
        isChanged: z.boolean().describe('The policy switches it off or sets its severity.'),
      }),
    ),
  })
  .meta({ id: 'Policy' });

const ruleSetting = z.object({ enabled: z.boolean().optional(), severity: z.string().optional() });

/** The effective configuration, and the policy as part of it. Both are read-only here. */
export function settingsRoutes(app: Api, { settings, rules }: ApiParts): void {
  app.get(
    '/api/v1/config',
    route({
      id: 'getConfig',
      summary: 'The configuration in force, secrets hidden, with the origin of each value',
      access: 'admin',
      schema: { tags: ['settings'], querystring: listQuery, response: { 200: listResponse(setting) } },
    }),
    (request, reply) =>
      sendSlice(request, reply, request.query, { item: setting, name: 'config', items: settings() }),
  );
  app.get(
    '/api/v1/policy',
    route({
      id: 'getPolicy',
      summary: 'The policy in force: thresholds, and which rules are on with which severity',
      access: 'reader',
      schema: { tags: ['settings'], response: { 200: policy } },
    }),
    async () => {
      const ofPolicy = settings().filter(({ key }) => key.startsWith('policy.'));
      const changed = (id: string, what: 'enabled' | 'severity') =>
        ofPolicy.find(({ key }) => key === `policy.rules.${id}.${what}`)?.value;
      return {
        settings: ofPolicy,
        rules: rules.map(({ id, title, severity }) => {
          const said = ruleSetting.parse({
            enabled: changed(id, 'enabled'),
            severity: changed(id, 'severity'),
          });
          return {
            id,
            title,
            enabled: said.enabled ?? true,
            severity: said.severity ?? severity,
            usualSeverity: severity,
            isChanged: said.enabled !== undefined || said.severity !== undefined,
          };
        }),
      };
    },
  );
}
