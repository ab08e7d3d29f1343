import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One request as it came. */
export interface SunkRequest {
  readonly headers: IncomingHttpHeaders;
  readonly id: string;
  readonly body: string;
  readonly json: WebhookPayload;
  /** Which of the sink's secrets the signature is good for, by position, as the independent package judges. */
  readonly verifiedBy: readonly number[];
}

/** The payload that Certglass posts, as far as tests look at it. */
export interface WebhookPayload {
  readonly type: string;
  readonly timestamp: string;
  readonly data: {
    readonly delivery: string;
    readonly total: number;
    readonly resolved: number;
    readonly open: Readonly<Record<string, number>>;
    readonly omitted: number;
    readonly omittedByRule: Readonly<Record<string, number>>;
    readonly findings: readonly {
      readonly id: string;
      readonly revision: number;
      readonly state: string;
      readonly rule: string;
      readonly host: string | null;
      readonly details: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** How to answer: a status with headers, or nothing at all. */
export type Answer = { readonly status: number; readonly headers?: Record<string, string> } | 'silence';

/** A webhook receiver on loopback that keeps what it gets. */
export interface WebhookSink {
  readonly url: string;
  readonly requests: readonly SunkRequest[];
  /** Answers for the next requests, in order; when used up, 204. */
  answers: Answer[];
  /** Resolves once `count` requests came; the caller's test timeout is the limit. */
  received(count: number): Promise<readonly SunkRequest[]>;
  close(): Promise<void>;
}

/** A secret to share with {@link startWebhookSink}. */
export const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Starts the receiver. It checks signatures with the `standardwebhooks` package. */
export async function startWebhookSink(secrets: readonly string[] = [webhookSecret]): Promise<WebhookSink> {
  const requests: SunkRequest[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const id = String(request.headers['webhook-id']);
      const json = JSON.parse(body) as WebhookPayload;
      requests.push({
        headers: request.headers,
        id,
        body,
        json,
        verifiedBy: verify(secrets, body, request.headers),
      });
      const answer = sink.answers.shift() ?? { status: 204 };
      if (answer !== 'silence') response.writeHead(answer.status, answer.headers).end();
      waiting.splice(0).forEach((wake) => wake());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sink: WebhookSink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests,
    answers: [],
    async received(count) {
      while (requests.length < count) await new Promise<void>((wake) => waiting.push(wake));
      return requests;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return sink;
}

function verify(secrets: readonly string[], body: string, headers: IncomingHttpHeaders): number[] {
  return secrets.flatMap((secret, position) => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return [position];
    } catch {
      return [];
    }
  });
}
