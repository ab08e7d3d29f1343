import { createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { outboundRules, outboundShape } from '../lib/http/config.js';
import { BlockedAddressError } from '../lib/http/errors.js';
import { createGuardedClient, type GuardedResponse } from '../lib/http/guarded-client.js';
import { retryAfterMs } from '../lib/http/retry-after.js';
import { printable } from '../lib/printable.js';
import { secretString } from '../lib/secret.js';
import type { Delivery } from '../model/delivery.js';
import type { Finding } from '../model/finding.js';
import type { Channel, SendResult } from './channel.js';
import { boundedDetails, cut, digest } from './message/digest.js';
import { routed, routingShape } from './message/routing.js';

/** Standard Webhooks section "Payload": under 20 kB. */
const maxPayloadBytes = 20_000;
/** Standard Webhooks section "Deliverability": 15 to 30 seconds. */
const timeoutMs = 30_000;
/** Longer waits than a week are cut to it. */
const maxRetryAfterMs = 7 * 86_400_000;

/** One webhook receiver (Standard Webhooks 1.0). */
export const webhookConfig = z.strictObject({
  type: z.literal('webhook').describe('A signed HTTP POST (Standard Webhooks).'),
  ...routingShape,
  url: secretString
    .pipe(z.url({ protocol: /^https?$/ }))
    .refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), 'must not hold a user name or password; use `headers`')
    .describe('Where to post. May itself be a secret.'),
  secrets: z
    .array(secretString.refine(isSecret, 'must be whsec_ followed by 24 to 64 bytes in base64'))
    .min(1)
    .max(4)
    .describe('Secrets, newest first; every one signs, so that they can be rotated. `whsec_` and base64.'),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/), secretString.pipe(z.string().regex(/^[\t\x20-\x7e]*$/)))
    .default({})
    .describe('Further request headers, for example Authorization.'),
  ...outboundShape({ allowPrivate: false }),
});

/** One webhook receiver. */
export type WebhookConfig = z.infer<typeof webhookConfig>;

/** Posts digests as Standard Webhooks 1.0 says; `webhook-id` is the delivery's id, the body is the same over all tries. */
export function createWebhook(config: WebhookConfig, log: Logger): Channel {
  const client = createGuardedClient(outboundRules(config));
  const channel = routed(config);
  return {
    ...channel,
    async send(delivery, findings, signal) {
      try {
        const body = webhookBody(delivery, findings);
        const headers = {
          ...config.headers,
          ...signedHeaders(config.secrets, delivery.id, body, new Date()),
        };
        const request = { method: 'POST', headers, body, timeoutMs, maxBytes: 65_536, signal } as const;
        return judge(await client.fetch(config.url, request));
      } catch (error) {
        const detail = failure(error);
        log.debug({ channel: channel.name, delivery: delivery.id, detail }, 'webhook failed');
        return { ok: false, permanent: false, retryAfterMs: null, detail };
      }
    },
    close: () => client.close(),
  };
}

/** The payload: findings in order of weight, as many as fit into 20 kB, and how many more there are. */
export function webhookBody(delivery: Delivery, findings: readonly Finding[]): string {
  const limits = { maxItems: 100, maxBytes: maxPayloadBytes - 4_000 };
  const fitted = digest(findings, limits, payloadItem, (item) => Buffer.byteLength(JSON.stringify(item)) + 1);
  return JSON.stringify({
    type: 'findings.changed',
    timestamp: delivery.createdAt.toISOString(),
    data: {
      delivery: delivery.id,
      total: fitted.total,
      resolved: fitted.resolved,
      open: Object.fromEntries(fitted.open.map(({ severity, count }) => [severity, count])),
      findings: fitted.shown,
      // Whoever wants the rest reads /api/v1/deliveries?id=..., which names every finding and revision.
      omitted: fitted.omitted,
      omittedByRule: Object.fromEntries(fitted.omittedByRule.slice(0, 40).map((of) => [of.rule, of.count])),
    },
  });
}

/** Without what changes from one look to the next (lastSeenAt), so that a retry has the same bytes. */
function payloadItem(finding: Finding): Record<string, unknown> {
  const details = boundedDetails(finding);
  return {
    id: finding.id,
    revision: finding.revision,
    state: finding.state,
    rule: cut(finding.rule, 100),
    severity: finding.severity,
    title: cut(finding.title, 200),
    subject: { kind: finding.subject.kind, key: cut(finding.subject.key, 600) },
    host: finding.host === null ? null : cut(finding.host, 260),
    certificateSha256: finding.certificateSha256,
    openedAt: finding.openedAt.toISOString(),
    resolvedAt: finding.resolvedAt?.toISOString() ?? null,
    details: Object.fromEntries(
      details.entries.map(([key, text]) => [key, originalIfShort(finding, key, text)]),
    ),
    detailsOmitted: details.left,
  };
}

function originalIfShort(finding: Finding, key: string, text: string): unknown {
  const value = finding.details[key];
  return typeof value !== 'string' && value !== undefined && JSON.stringify(value) === text ? value : text;
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
    'user-agent': 'certglass',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** 2xx alone is success; 410 means that the receiver is gone for good; everything else is tried again. */
function judge(answer: GuardedResponse): SendResult {
  return {
    ok: answer.status >= 200 && answer.status < 300,
    permanent: answer.status === 410,
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], new Date(), maxRetryAfterMs),
    detail: `status ${answer.status}`,
  };
}

function failure(error: unknown): string {
  const kind = error instanceof BlockedAddressError ? 'receiver refused, see `allowPrivate`: ' : '';
  const message = error instanceof Error && error.message !== '' ? error.message : 'no connection';
  return printable(`${kind}${message}`, 200);
}

function isSecret(text: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1] ?? '';
  const { length } = Buffer.from(base64, 'base64');
  return length >= 24 && length <= 64;
}
