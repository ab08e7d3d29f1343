import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { Problem } from '../problem.js';
import { route, type ApiParts } from '../routes.js';
import type { Api } from '../server.js';
import { eventQuery, messageFor, type EventMessage } from './event-filter.js';

const heartbeatMs = 15_000;
/** A client that leaves this much unread is dropped; it comes back with the id of what it saw last. */
const maxUnreadBytes = 1_048_576;
const maxListeners = 1_000;

/** Server-sent events: what happens, as it happens; resumed by id. The same path takes WebSockets, see sockets.ts. */
export function eventRoutes(app: Api, { events }: ApiParts): void {
  const open = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
  app.get(
    '/api/v1/events',
    route({
      id: 'listenToEvents',
      summary:
        'Findings, deliveries, scans and logs as they change (server-sent events, or WebSocket); `reset` says that something was missed',
      access: 'reader',
      scoped: true,
      schema: {
        tags: ['events'],
        querystring: eventQuery,
        response: {
          200: {
            description: 'A stream of events.',
            content: { 'text/event-stream': { schema: z.string() } },
          },
        },
      },
    }),
    (request, reply) => {
      if (open.size >= maxListeners) throw new Problem(503, 'too many listeners', { 'retry-after': '30' });
      const { query, actor } = request;
      const response = reply.raw;
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) response.setHeader(name, value);
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-accel-buffering': 'no',
      });
      const send = (text: string): void => {
        if (response.writableLength > maxUnreadBytes) response.destroy();
        else response.write(text);
      };
      const after = String(request.headers['last-event-id'] ?? query.after ?? '');
      const missed = after === '' ? { events: [], isWhole: true } : events.since(after);
      send(`retry: 3000\nid: ${events.lastId}\n\n`);
      if (!missed.isWhole) send('event: reset\ndata: {}\n\n');
      for (const event of missed.events) sendEvent(send, messageFor(event, query, actor));
      const stop = events.listen((event) => {
        sendEvent(send, messageFor(event, query, actor));
      });
      const heartbeat = setInterval(() => send(': here\n\n'), heartbeatMs);
      open.add(response);
      response.once('close', () => {
        stop();
        clearInterval(heartbeat);
        open.delete(response);
      });
    },
  );
}

function sendEvent(send: (text: string) => void, message: EventMessage | null): void {
  if (message === null) return;
  const { id, kind, ...rest } = message;
  send(`id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(rest)}\n\n`);
}
