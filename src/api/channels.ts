import { z } from 'zod';
import { listQuery, listResponse, sendSlice } from './listing/list.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant } from './shapes.js';

const channel = z
  .object({
    name: z.string(),
    kind: z.string().nullable().describe('For example email; null: it is no longer configured.'),
    state: z
      .enum(['ok', 'retrying', 'failing', 'unused'])
      .describe('failing: the last finished delivery failed for good; retrying: one waits after a failure.'),
    lastSentAt: instant.nullable(),
    lastFailedAt: instant.nullable(),
    lastDetail: z.string().nullable().describe('What the receiver said last.'),
    pending: z.number().int(),
    failed: z.number().int(),
  })
  .meta({ id: 'Channel' });

/** Alert channels, and how each is doing. */
export function channelRoutes(app: Api, { reader, channels }: ApiParts): void {
  app.get(
    '/api/v1/channels',
    route({
      id: 'listChannels',
      summary: 'Alert channels: kind, state, last success and failure, and what waits',
      access: 'reader',
      schema: { tags: ['deliveries'], querystring: listQuery, response: { 200: listResponse(channel) } },
    }),
    async (request, reply) => {
      const states = new Map((await reader.channelStates()).map((one) => [one.name, one]));
      const kinds = new Map(channels.map(({ name, kind }) => [name, kind]));
      const items = [...new Set([...kinds.keys(), ...states.keys()])].sort().map((name) => {
        const known = states.get(name) ?? unused;
        return { ...known, name, kind: kinds.get(name) ?? null, state: stateOf(known) };
      });
      return sendSlice(request, reply, request.query, { item: channel, name: 'channels', items });
    },
  );
}

const unused = { lastSentAt: null, lastFailedAt: null, lastDetail: null, pending: 0, retrying: 0, failed: 0 };

function stateOf({
  lastSentAt,
  lastFailedAt,
  retrying,
}: Omit<typeof unused, 'lastSentAt' | 'lastFailedAt' | 'lastDetail'> & {
  readonly lastSentAt: Date | null;
  readonly lastFailedAt: Date | null;
}) {
  if (lastFailedAt !== null && (lastSentAt === null || lastFailedAt > lastSentAt)) return 'failing' as const;
  if (retrying > 0) return 'retrying' as const;
  return lastSentAt === null ? ('unused' as const) : ('ok' as const);
}
