import { z } from 'zod';
import { listQuery, listResponse, sendSlice } from './listing/list.js';
import { Problem } from './problem.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { filterText, instant } from './shapes.js';

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

const test = z
  .object({
    channel: z.string(),
    ok: z.boolean().describe('Whether the receiver accepted the sample.'),
    partial: z.boolean().describe('Only some of the recipients accepted it.'),
    detail: z.string().describe('What the receiver answered, or why it could not be reached.'),
    seconds: z.number().describe('How long that took.'),
  })
  .meta({ id: 'ChannelTest' });

/** Alert channels, how each is doing, and a way to try one. */
export function channelRoutes(app: Api, parts: ApiParts): void {
  const { reader, channels } = parts;
  testRoute(app, parts);
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
      const kinds = new Map(channels().map(({ name, kind }) => [name, kind]));
      const items = [...new Set([...kinds.keys(), ...states.keys()])].sort().map((name) => {
        const known = states.get(name) ?? unused;
        return { ...known, name, kind: kinds.get(name) ?? null, state: stateOf(known) };
      });
      return sendSlice(request, reply, request.query, { item: channel, name: 'channels', items });
    },
  );
}

function testRoute(app: Api, { actions, channels }: ApiParts): void {
  app.post(
    '/api/v1/channels/:name/test',
    route({
      id: 'testChannel',
      summary: 'Send a sample, marked as one, and wait for what the receiver answers',
      access: 'operator',
      audit: 'channel.test',
      schema: {
        tags: ['deliveries'],
        params: z.strictObject({ name: filterText }),
        response: { 200: test },
      },
    }),
    async (request) => {
      const { name } = request.params;
      const result = await actions.testChannel(name);
      if (result === null)
        throw new Problem(
          404,
          `there is no channel ${name}; configured: ${
            channels()
              .map((one) => one.name)
              .join(', ') || 'none'
          }`,
        );
      request.auditDetails = { channel: name, ...result };
      return { channel: name, ...result };
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
