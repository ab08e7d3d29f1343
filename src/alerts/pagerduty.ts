import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import type { Severity } from '../model/severity.js';
import { channelKind, type Message } from './channel.js';
import { httpChannel, receiverShape } from './http/receiver.js';
import { headlineOf, oneLine } from './message/anatomy.js';
import { limits } from './message/limits.js';
import { plain, writeText } from './message/write.js';

const severities: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  error: 'error',
  warning: 'warning',
  notice: 'info',
};

/** PagerDuty Events API v2: triggers, acknowledges and resolves an incident for each cause (`dedup_key`). */
export const pagerduty = channelKind({
  takes: 'incident',
  config: z.strictObject({
    type: z.literal('pagerduty').describe('PagerDuty, Events API v2.'),
    routingKey: secretString
      .refine(
        (key) => /^[A-Za-z0-9]{32}$/.test(key),
        'must be the 32 characters of an Events API v2 integration',
      )
      .describe('Integration key of a service (Events API v2), best as ${ENV} or file:PATH.'),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://events.pagerduty.com')
      .describe('API server; https://events.eu.pagerduty.com in the EU.'),
    ...receiverShape,
  }),
  example: { type: 'pagerduty', routingKey: '0123456789abcdef0123456789abcdef' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.routingKey],
      deliver: (message, receiver, signal) =>
        receiver.ask(
          {
            url: `${config.baseUrl}/v2/enqueue`,
            body: { routing_key: config.routingKey, ...eventOf(message) },
          },
          signal,
        ),
    }),
});

function eventOf(message: Message) {
  const head = { event_action: message.action, dedup_key: message.thread };
  const [worst] = message.alerts;
  const { body } = writeText(message, limits.pagerduty, plain);
  const link = message.total === 1 ? (worst?.link ?? null) : message.link;
  return {
    ...head,
    payload: {
      summary: oneLine(headlineOf(message), 1_000),
      source: oneLine(worst?.place ?? 'certglass', 250),
      severity: severities[message.open[0]?.severity ?? 'notice'],
      timestamp: message.createdAt,
      component: 'certificate',
      class: worst?.rule ?? message.kind,
      custom_details: { text: body, findings: message.total, owner: worst?.owner ?? null },
    },
    client: 'Certglass',
    ...(link === null ? {} : { client_url: link, links: [{ href: link, text: 'Open in Certglass' }] }),
  };
}
