import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One request as it came, whole. */
export interface HeardRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer: a JSON value, or a status, headers and text; `cut` ends the connection in the middle of the body. */
export type Reply =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Record<string, string> }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string | Buffer }
  | 'cut'
  | 'reset';

/** A scripted server on loopback that keeps what it is asked. */
export interface HttpService {
  readonly url: string;
  readonly port: number;
  readonly requests: HeardRequest[];
  close(): Promise<void>;
}

/** Starts a server that answers as `answer` says; with `tls` it speaks TLS. Close it when done. */
export async function startHttpService(
  answer: (request: HeardRequest, turn: number) => Reply | Promise<Reply>,
  tls?: ServerOptions,
): Promise<HttpService> {
  const requests: HeardRequest[] = [];
  const scheme = tls === undefined ? 'http' : 'https';
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const heard = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', `${scheme}://${request.headers.host}`),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(heard);
      void Promise.resolve(answer(heard, requests.length)).then((reply) => give(reply, response));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function give(reply: Reply, response: ServerResponse): void {
  if (reply === 'reset') return void response.destroy();
  if (reply === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
    response.write('{"items":[', () => response.destroy());
    return;
  }
  if ('json' in reply) {
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.json));
    return;
  }
  response.writeHead(reply.status, reply.headers).end(reply.text ?? '');
}
