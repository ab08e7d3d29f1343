import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape, receiverUrl, type Answer } from './http/receiver.js';
import { ecsOf } from './message/ecs.js';
import { eventsOf } from './message/siem.js';

/** Elasticsearch or OpenSearch by the bulk API, in the Elastic Common Schema. The document's id is the event's: a repeat changes nothing. */
export const elastic = channelKind({
  takes: 'stream',
  eventsPerMessage: 500,
  config: z.strictObject({
    type: z.literal('elastic').describe('Elasticsearch or OpenSearch, bulk API, Elastic Common Schema.'),
    url: receiverUrl.describe('Base URL of the cluster, for example https://elastic.example.com:9200.'),
    index: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be the lower-case name of an index or data stream')
      .default('logs-certglass.event-default')
      .describe('Index or data stream.'),
    apiKey: secretString
      .nullable()
      .default(null)
      .describe('API key (encoded form); null: user and password, or none.'),
    user: z.string().nullable().default(null).describe('User, where there is no API key.'),
    password: secretString.nullable().default(null).describe('Password of that user.'),
    ...receiverShape,
  }),
  example: { type: 'elastic', url: 'https://elastic.example.com:9200', apiKey: 'VnVhQ2ZHY0JDZGJrU...' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.apiKey, config.password],
      deliver(message, receiver, signal) {
        const lines = eventsOf(message).flatMap((event) => [
          JSON.stringify({ create: { _id: event.id } }),
          JSON.stringify(ecsOf(event)),
        ]);
        return receiver.ask(
          {
            url: `${config.url.replace(/\/+$/, '')}/${config.index}/_bulk`,
            headers: { 'content-type': 'application/x-ndjson', ...authorization(config) },
            body: `${lines.join('\n')}\n`,
          },
          signal,
        );
      },
      refusal: refusedDocuments,
    }),
});

function authorization({
  apiKey,
  user,
  password,
}: {
  apiKey: string | null;
  user: string | null;
  password: string | null;
}) {
  if (apiKey !== null) return { authorization: `ApiKey ${apiKey}` };
  if (user === null) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

/** 409: the document is there already, which is what a repeat looks like. */
function refusedDocuments({ json }: Answer): string | null {
  if (json?.['errors'] !== true) return null;
  const items = (json['items'] ?? []) as readonly Record<
    string,
    { status?: number; error?: { reason?: unknown } }
  >[];
  const failed = items
    .map((item) => item['create'])
    .filter((result) => (result?.status ?? 500) >= 300 && result?.status !== 409);
  return failed.length === 0
    ? null
    : `${failed.length} documents refused: ${String(failed[0]?.error?.reason ?? 'no reason')}`;
}
