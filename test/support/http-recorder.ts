import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface RecordedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON; undefined when it is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly json: any;
}

/** How to answer. */
export interface RecordedAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | object;
}

/** An HTTP server on loopback that keeps what it gets and answers as told. */
export interface HttpRecorder {
  readonly url: string;
  readonly requests: RecordedRequest[];
  /** Answers a request; 200 with `{}` by default. */
  respond: (request: RecordedRequest) => RecordedAnswer | 'silence';
  close(): Promise<void>;
}

/** Starts the server. */
export async function startHttpRecorder(): Promise<HttpRecorder> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const recorded = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        json: jsonOf(body),
      };
      requests.push(recorded);
      const answer = recorder.respond(recorded);
      if (answer === 'silence') return;
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
      response
        .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
        .end(text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const recorder: HttpRecorder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    respond: () => ({}),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return recorder;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
