import { isIP } from 'node:net';
import { z } from 'zod';
import { outboundRules, outboundShape, type OutboundConfig } from '../../lib/http/config.js';
import { BlockedAddressError } from '../../lib/http/errors.js';
import { createGuardedClient, type GuardedResponse } from '../../lib/http/guarded-client.js';
import { createRedactor } from '../../lib/http/redact.js';
import { retryAfterMs } from '../../lib/http/retry-after.js';
import { printable } from '../../lib/printable.js';
import { secretString } from '../../lib/secret.js';
import type { Channel, ChannelContext, Message, SendResult } from '../channel.js';

/** A URL that may itself be a secret: `https`, or `http` inside one's own network; no user name or password in it. */
export const receiverUrl = secretString
  .pipe(z.url({ protocol: /^https?$/ }))
  .refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), 'must not hold a user name or password');

/** Keys of every channel that sends over HTTP. */
export const receiverShape = outboundShape({ allowPrivate: false });

/** One request to a receiver. */
export interface Post {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: GuardedResponse['headers'];
  /** The body as JSON; null when it is none. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

/** Sends requests to one receiver. */
export interface Receiver {
  /** Throws when no whole answer came. */
  ask(post: Post, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

const timeoutMs = 30_000;
/** A longer wait than a week is cut to it. */
const maxRetryAfterMs = 7 * 86_400_000;

/** Opens a guarded client for one receiver. */
export function openReceiver(config: OutboundConfig): Receiver {
  const client = createGuardedClient(outboundRules(config));
  return {
    async ask({ url, method = 'POST', headers = {}, body }, signal) {
      const text = typeof body === 'object' ? JSON.stringify(body) : body;
      const answer = await client.fetch(url, {
        method,
        headers: {
          'user-agent': 'certglass',
          ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(text === undefined ? {} : { body: text }),
        timeoutMs,
        maxBytes: 1_048_576,
        signal,
      });
      return {
        status: answer.status,
        ok: answer.status >= 200 && answer.status < 300,
        headers: answer.headers,
        json: jsonOf(answer.body),
      };
    },
    close: () => client.close(),
  };
}

/** How an HTTP channel is made of its parts. */
export interface HttpChannelParts {
  /** Texts that must not appear in what is reported. */
  readonly secrets: readonly (string | null)[];
  /** Sends the message with as many requests as it takes; the last answer counts. Null: there was nothing to do. */
  deliver(message: Message, receiver: Receiver, signal: AbortSignal): Promise<Answer | null>;
  /** A 2xx that is a refusal all the same: why; null when it is none. */
  refusal?(answer: Answer): string | null;
}

/** A channel over HTTP: 2xx alone is success; 410 means that the receiver is gone for good; everything else is tried again. */
export function httpChannel(
  config: OutboundConfig,
  context: ChannelContext,
  parts: HttpChannelParts,
): Channel {
  const receiver = openReceiver(config);
  return {
    async send(message, signal) {
      try {
        const answer = await parts.deliver(message, receiver, signal);
        return answer === null ? done('nothing to do') : resultOf(answer, parts);
      } catch (error) {
        const detail = failure(error, parts.secrets);
        context.log.debug({ channel: context.name, delivery: message.id, detail }, 'message failed');
        return { ok: false, permanent: false, retryAfterMs: null, detail };
      }
    },
    close: () => receiver.close(),
  };
}

/** A success in words. */
export function done(detail: string): SendResult {
  return { ok: true, permanent: false, retryAfterMs: null, detail };
}

function resultOf(answer: Answer, parts: HttpChannelParts): SendResult {
  const refusal = answer.ok ? (parts.refusal?.(answer) ?? null) : null;
  const words = refusal ?? (answer.ok ? null : reasonIn(answer.json));
  return {
    ok: answer.ok && refusal === null,
    permanent: answer.status === 410,
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], new Date(), maxRetryAfterMs),
    detail: sayable(`status ${answer.status}${words === null ? '' : `: ${words}`}`, parts.secrets),
  };
}

/** What the common APIs say went wrong. */
function reasonIn(json: Answer['json']): string | null {
  for (const key of ['message', 'description', 'error', 'detail', 'errorMessages', 'errors']) {
    const value = json?.[key];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  }
  return null;
}

function failure(error: unknown, secrets: HttpChannelParts['secrets']): string {
  const kind = error instanceof BlockedAddressError ? 'receiver refused, see `allowPrivate`: ' : '';
  const message = error instanceof Error && error.message !== '' ? error.message : 'no connection';
  return sayable(`${kind}${message}`, secrets);
}

/** Words of a receiver without this channel's secrets, in one printable line. Of a URL each longer part is a secret, but for an address. */
export function sayable(text: string, secrets: readonly (string | null)[], maxLength = 200): string {
  const parts = secrets.flatMap((secret) => (secret === null ? [] : [secret, ...partsOfUrl(secret)]));
  return printable(createRedactor(parts)(text), maxLength);
}

function partsOfUrl(text: string): readonly string[] {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return [];
  return text
    .split(/[/?&=:@]/)
    .slice(3)
    .filter((part) => part.length > 5 && isIP(part) === 0);
}

function jsonOf(body: Uint8Array): Answer['json'] {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
