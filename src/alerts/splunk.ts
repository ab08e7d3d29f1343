import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import { channelKind, type Message } from './channel.js';
import { httpChannel, receiverShape, receiverUrl, type Answer, type Receiver } from './http/receiver.js';
import { eventsOf } from './message/siem.js';

/** Polls of the acknowledgement, a second apart; then the batch is sent again, which Splunk stores twice at worst. */
const ackPolls = 20;

/** Splunk HTTP Event Collector: every change as an event; with acknowledgement, "sent" means that it is indexed. */
export const splunk = channelKind({
  takes: 'stream',
  eventsPerMessage: 500,
  config: z.strictObject({
    type: z.literal('splunk').describe('Splunk HTTP Event Collector.'),
    url: receiverUrl.describe('Base URL of the collector, for example https://splunk.example.com:8088.'),
    token: secretString.describe('Token of the collector, best as ${ENV} or file:PATH.'),
    index: z.string().nullable().default(null).describe('Index; null means the default of the token.'),
    source: z.string().default('certglass').describe('Value of `source`.'),
    sourcetype: z.string().default('certglass:event').describe('Value of `sourcetype`.'),
    acknowledge: z
      .boolean()
      .default(false)
      .describe(
        'Wait until the events are indexed; the token must have indexer acknowledgement switched on.',
      ),
    channel: z
      .uuid()
      .default('6c1f5c64-9c1c-4c1e-8a53-c0c9b8f0a7d1')
      .describe('Channel of the acknowledgements; give each Certglass its own.'),
    pollMilliseconds: z
      .number()
      .int()
      .min(1)
      .max(60_000)
      .default(1_000)
      .describe('Milliseconds between two questions for an acknowledgement.'),
    ...receiverShape,
  }),
  example: {
    type: 'splunk',
    url: 'https://splunk.example.com:8088',
    token: '00000000-0000-0000-0000-000000000000',
  },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.token],
      async deliver(message, receiver, signal) {
        const headers = {
          authorization: `Splunk ${config.token}`,
          ...(config.acknowledge ? { 'x-splunk-request-channel': config.channel } : {}),
        };
        const base = `${config.url.replace(/\/+$/, '')}/services/collector`;
        const answer = await receiver.ask(
          { url: `${base}/event`, headers, body: bodyOf(message, config) },
          signal,
        );
        const ackId = answer.json?.['ackId'];
        if (!answer.ok || !config.acknowledge) return answer;
        if (typeof ackId !== 'number')
          throw new Error('the collector gave no ackId; switch on indexer acknowledgement');
        const ask = { url: `${base}/ack?channel=${config.channel}`, headers, body: { acks: [ackId] } };
        return acknowledged(receiver, ask, String(ackId), config.pollMilliseconds, signal);
      },
      refusal: ({ json }) =>
        json?.['code'] === undefined || json['code'] === 0 ? null : String(json['text'] ?? 'refused'),
    }),
});

async function acknowledged(
  receiver: Receiver,
  ask: Parameters<Receiver['ask']>[0],
  ackId: string,
  pollMilliseconds: number,
  signal: AbortSignal,
): Promise<Answer> {
  for (let poll = 0; poll < ackPolls; poll += 1) {
    const answer = await receiver.ask(ask, signal);
    const acks = (answer.json?.['acks'] ?? {}) as Readonly<Record<string, unknown>>;
    if (!answer.ok || acks[ackId] === true) return answer;
    await delay(pollMilliseconds, undefined, { signal });
  }
  throw new Error('the events were accepted but not indexed in time');
}

/** Concatenated JSON objects, one for each event. */
function bodyOf(
  message: Message,
  { index, source, sourcetype }: { index: string | null; source: string; sourcetype: string },
): string {
  const envelopes = eventsOf(message).map((event) => ({
    time: Date.parse(event.timestamp) / 1000,
    host: event.target_systems[0] ?? 'certglass',
    source,
    sourcetype,
    ...(index === null ? {} : { index }),
    event,
  }));
  return envelopes.map((envelope) => JSON.stringify(envelope)).join('\n');
}
