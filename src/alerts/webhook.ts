import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import { channelKind, type Alert, type Message } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { countsOf, headlineOf } from './message/anatomy.js';
import { fit, limits } from './message/limits.js';
import { fillTemplate, templateFault } from './message/template.js';

const config = z.strictObject({
  type: z.literal('webhook').describe('A signed HTTP POST (Standard Webhooks 1.0).'),
  url: receiverUrl.describe('Where to post. May itself be a secret.'),
  secrets: z
    .array(secretString.refine(isSecret, 'must be whsec_ followed by 24 to 64 bytes in base64'))
    .min(1)
    .max(4)
    .describe(
      'Signing secrets, newest first: every one signs, so that they can be rotated. `whsec_` and base64.',
    ),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/), secretString.pipe(z.string().regex(/^[\t\x20-\x7e]*$/)))
    .default({})
    .describe('Further request headers, for example Authorization.'),
  template: z
    .string()
    .refine((text) => templateFault(text) === null, {
      error: (issue) => templateFault(String(issue.input)) ?? 'is not a template',
    })
    .nullable()
    .default(null)
    .describe(
      'JSON to send instead of the usual body. `{{headline}}`, `{{text}}`, `{{counts}}`, `{{link}}`, `{{id}}` and `{{severity}}` inside of strings are replaced.',
    ),
  ...receiverShape,
});

/** About 800 bytes each, and 20 kB are the limit of a body. */
const eventsPerMessage = 20;

/** Posts as Standard Webhooks 1.0 says; `webhook-id` is the delivery's id, the body is the same over all tries. */
export const webhook = channelKind({
  takes: 'digest',
  eventsPerMessage,
  config,
  example: {
    type: 'webhook',
    url: 'https://hooks.example.com/certglass',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo='],
  },
  create: (options, context) =>
    httpChannel(options, context, {
      secrets: [...options.secrets, ...Object.values(options.headers), options.url],
      deliver(message, receiver, signal) {
        const body =
          options.template === null ? webhookBody(message) : fillTemplate(options.template, message);
        const headers = {
          ...options.headers,
          ...signedHeaders(options.secrets, message.id, body, new Date()),
        };
        return receiver.ask({ url: options.url, headers, body }, signal);
      },
    }),
});

/** The payload: findings in order of weight, as many as fit into 20 kB, and how many more there are. */
export function webhookBody(message: Message): string {
  const fitted = fit(message, limits.webhook, payloadItem, (item) => JSON.stringify(item));
  const shownOf = new Set(fitted.shown.map(({ id }) => id));
  return JSON.stringify({
    type: types[message.kind],
    timestamp: message.createdAt,
    data: {
      delivery: message.id,
      headline: headlineOf(message),
      summary: countsOf(message),
      link: message.link,
      total: message.total,
      resolved: message.resolved,
      open: Object.fromEntries(message.open.map(({ severity, count }) => [severity, count])),
      findings: fitted.shown,
      // The rest is at /api/v1/deliveries?id=..., which names every finding and revision.
      omitted: fitted.omitted,
      omittedByRule: omittedByRule(message, shownOf),
      well: message.well,
      ...(message.inventory === undefined ? {} : { events: message.inventory.events }),
    },
  });
}

const types: Readonly<Record<Message['kind'], string>> = {
  alert: 'findings.changed',
  digest: 'findings.changed',
  events: 'inventory.changed',
  heartbeat: 'certglass.heartbeat',
  well: 'certglass.well',
  test: 'certglass.test',
};

function omittedByRule(message: Message, shown: ReadonlySet<string>): Record<string, number> {
  const counts = new Map(message.omittedByRule.map(({ rule, count }) => [rule, count]));
  for (const { id, rule } of message.alerts)
    if (!shown.has(id)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a).slice(0, 40));
}

/** Without the parts that `place` and `subject` say already. */
function payloadItem({ target: _target, ...item }: Alert): Omit<Alert, 'target'> {
  return item;
}

function signedHeaders(
  secrets: readonly string[],
  id: string,
  body: string,
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

function isSecret(text: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1] ?? '';
  const { length } = Buffer.from(base64, 'base64');
  return length >= 24 && length <= 64;
}
