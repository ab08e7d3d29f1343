import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Actor } from '../access/actor.js';
import { localActor } from '../access/actor.js';
import { refuseForeignHost, refuseForeignPage } from '../access/origin.js';
import { Problem } from '../problem.js';
import type { ApiParts } from '../routes.js';
import type { Api } from '../server.js';
import { eventQuery, messageFor } from './event-filter.js';
import {
  certstreamHeartbeat,
  certstreamMessage,
  certstreamPaths,
  type CertstreamPath,
} from './certstream.js';

const heartbeatMs = 30_000;
/** A client that leaves this much unread is dropped. */
const maxUnreadBytes = 4_194_304;
const maxSockets = 2_000;

type Feed = (socket: WebSocket) => () => void;

/** WebSockets beside the routes: `/api/v1/events`, and `/stream` as certstream servers have it (also at the root). Clients only listen. */
export function serveSockets(app: Api, parts: ApiParts): void {
  const server = new WebSocketServer({ noServer: true, maxPayload: 4_096, perMessageDeflate: false });
  const streams = createStreams(parts);
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    try {
      if (server.clients.size >= maxSockets) throw new Problem(503, 'too many listeners');
      const feed = feedOf(parts, streams, request);
      server.handleUpgrade(request, socket, head, (client) => attend(client, feed));
    } catch (error) {
      refuse(socket, error instanceof Problem ? error : new Problem(400, 'the request cannot be read'));
    }
  });
  app.addHook('preClose', async () => {
    for (const client of server.clients) client.close(1001, 'the service stops');
    server.close();
    for (const client of server.clients) client.terminate();
    streams.close();
  });
}

/** What a client is to be sent, or a Problem. */
function feedOf(parts: ApiParts, streams: Streams, request: IncomingMessage): Feed {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const isEvents = url.pathname === '/api/v1/events';
  const path = certstreamPathOf(url.pathname);
  if (!isEvents && path === null) throw new Problem(404, 'no such stream');
  const actor = actorOf(parts, request);
  if (path !== null) {
    if (actor.scope !== null) throw new Problem(403, 'a limited credential may not read whole logs');
    return (socket) => streams.add(path, socket);
  }
  const query = eventQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) throw new Problem(400, 'the request does not fit the schema');
  return (socket) => {
    const send = (event: Parameters<typeof messageFor>[0]): void => {
      const message = messageFor(event, query.data, actor);
      if (message !== null) sendTo(socket, JSON.stringify(message));
    };
    const { after } = query.data;
    const missed = after === undefined ? { events: [], isWhole: true } : parts.events.since(after);
    sendTo(socket, JSON.stringify({ id: parts.events.lastId, kind: missed.isWhole ? 'hello' : 'reset' }));
    missed.events.forEach(send);
    return parts.events.listen(send);
  };
}

/** `/stream`, `/stream/full-stream` ..., and the same at the root, where the clients of others look for them. */
function certstreamPathOf(pathname: string): CertstreamPath | null {
  const path = pathname.replace(/^\/stream(?=\/|$)/, '').replace(/\/$/, '') || '/';
  return certstreamPaths.find((one) => one === path) ?? null;
}

function actorOf({ config, authenticator }: ApiParts, raw: IncomingMessage): Actor {
  const isOpen = authenticator.isOpen();
  const protocol = config.tls === null ? ('http' as const) : ('https' as const);
  const asking = { headers: raw.headers, ip: raw.socket.remoteAddress ?? '', protocol };
  refuseForeignHost(asking, config, isOpen);
  // Browsers send the cookie along with a socket that any page opens.
  refuseForeignPage(asking);
  const actor = authenticator.actorOf(asking) ?? (isOpen ? localActor : null);
  if (actor === null) throw new Problem(401, 'a bearer token or a session is needed');
  return actor;
}

function refuse(socket: Duplex, { status, message }: Problem): void {
  const body = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail: message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...(status === 401 ? ['www-authenticate: Bearer realm="certglass"'] : []),
  ];
  socket.once('error', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Serves a client until it goes, stops answering pings or falls too far behind. */
function attend(socket: WebSocket, feed: Feed): void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  socket.on('error', () => socket.terminate());
  const stop = feed(socket);
  const heartbeat = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, heartbeatMs);
  socket.once('close', () => {
    clearInterval(heartbeat);
    stop();
  });
}

function sendTo(socket: WebSocket, text: string): void {
  if (socket.bufferedAmount > maxUnreadBytes) socket.terminate();
  else if (socket.readyState === socket.OPEN) socket.send(text);
}

interface Streams {
  add(path: CertstreamPath, socket: WebSocket): () => void;
  close(): void;
}

/** The streams of entries: a message is written once for all clients of a stream. */
function createStreams({ events, now }: ApiParts): Streams {
  const clients = new Map(certstreamPaths.map((path) => [path, new Set<WebSocket>()]));
  const sources = new Map<string, { name: string; url: string }>();
  const stop = events.listen(({ event }) => {
    if (event.kind === 'ct-log') {
      const { logId, description, url } = event.position;
      sources.set(logId, { name: description, url });
    }
    if (event.kind !== 'ct-entry') return;
    const source = sources.get(event.entry.logId) ?? { name: event.entry.logId, url: '' };
    for (const [path, sockets] of clients) {
      if (sockets.size === 0) continue;
      const message = certstreamMessage(path, event.entry, source);
      for (const socket of sockets) sendTo(socket, message);
    }
  });
  const heartbeat = setInterval(() => {
    for (const sockets of clients.values())
      for (const socket of sockets) sendTo(socket, certstreamHeartbeat(now()));
  }, heartbeatMs);
  return {
    add(path, socket) {
      clients.get(path)?.add(socket);
      return () => void clients.get(path)?.delete(socket);
    },
    close() {
      stop();
      clearInterval(heartbeat);
    },
  };
}
