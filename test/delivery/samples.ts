import type { Channel, Message, SendResult, Takes } from '../../src/alerts/channel.js';
import {
  alertsConfig,
  type ChannelSettings,
  type OpenChannel,
  type Route,
} from '../../src/delivery/config.js';
import type { Routing } from '../../src/delivery/routing/plan.js';
import { webhookSecret } from '../support/webhook-sink.js';

/** A channel that answers as told, and keeps what it got. */
export interface ScriptedChannel extends OpenChannel {
  readonly messages: Message[];
  /** Answer to the next messages, in order; when used up, success. */
  answers: SendResult[];
}

/** A success. */
export const took: SendResult = { ok: true, permanent: false, retryAfterMs: null, detail: 'status 204' };
/** A failure that is tried again. */
export const failed: SendResult = { ok: false, permanent: false, retryAfterMs: null, detail: 'status 503' };
/** A failure for good. */
export const gone: SendResult = { ok: false, permanent: true, retryAfterMs: null, detail: 'status 410' };

/** Settings of a channel, defaults filled in. */
export function settings(parts: object = {}): ChannelSettings {
  const channel = { type: 'webhook', url: 'https://hooks.example.com/', secrets: [webhookSecret], ...parts };
  return alertsConfig.parse({ channels: [channel] }).channels[0]!;
}

/** Routes, defaults filled in, to channels of these names. */
export function routes(list: readonly object[], names: readonly string[]): readonly Route[] {
  const channels = names.map((name) => ({
    type: 'webhook',
    name,
    url: 'https://hooks.example.com/',
    secrets: [webhookSecret],
  }));
  return alertsConfig.parse({ channels, routes: list }).routes;
}

/** No routes; every rule is of the theme `time`. */
export const openRouting: Routing = { routes: [], themeOf: () => 'time' };

/** A channel whose receiver is played by the test. */
export function scripted(name: string, parts: object = {}, takes: Takes = 'digest'): ScriptedChannel {
  const messages: Message[] = [];
  const channel: Channel = {
    async send(message) {
      messages.push(message);
      return scriptedChannel.answers.shift() ?? took;
    },
    async close() {},
  };
  const scriptedChannel: ScriptedChannel = {
    name,
    takes,
    eventsPerMessage: takes === 'stream' ? 500 : null,
    settings: settings({ groupIntervalSeconds: 0, ...parts }),
    channel,
    messages,
    answers: [],
  };
  return scriptedChannel;
}
