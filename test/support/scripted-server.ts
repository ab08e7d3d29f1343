import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A scripted HTTP server on loopback; it notes what is asked. */
export interface ScriptedServer {
  readonly port: number;
  readonly url: string;
  readonly asked: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** By path; `*` gets what has no handler of its own. Everything else is 404. */
  readonly handlers: Map<string, Handler>;
  close(): Promise<void>;
}

/** These bytes with a strong validator; 304 for a client that has them. */
export function served(bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): Handler {
  const etag = `"${Buffer.from(bytes).subarray(-8).toString('hex')}"`;
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { 'content-length': bytes.length, etag, ...headers }).end(bytes);
  };
}

/** Starts one. Close it. */
export async function startScriptedServer(host = '127.0.0.1'): Promise<ScriptedServer> {
  const handlers = new Map<string, Handler>();
  const asked: ScriptedServer['asked'] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ method: request.method ?? '', path, headers: request.headers });
    response.on('error', () => undefined);
    const handler = handlers.get(path) ?? handlers.get('*');
    if (handler === undefined) response.writeHead(404).end();
    else handler(request, response);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host}:${port}`,
    asked,
    handlers,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
