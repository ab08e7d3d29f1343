import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import { channelKind, type Message } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { limits } from './message/limits.js';
import { plain, writeText } from './message/write.js';

/** An Apprise API server, which passes messages on to more than a hundred services. */
export const apprise = channelKind({
  takes: 'digest',
  config: z
    .strictObject({
      type: z.literal('apprise').describe('An Apprise API server, for more than a hundred other services.'),
      server: receiverUrl.describe('Base URL of the server, for example http://apprise.example.com:8000.'),
      key: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be letters, digits, - and _')
        .nullable()
        .default(null)
        .describe('Key of a configuration that the server keeps; null means that `urls` are sent along.'),
      urls: z
        .array(secretString)
        .default([])
        .describe('Apprise URLs, where there is no key. They are secrets.'),
      tag: z
        .string()
        .nullable()
        .default(null)
        .describe('Tag of the services in the configuration; null means all.'),
      ...receiverShape,
    })
    .refine(({ key, urls }) => (key === null) !== (urls.length === 0), {
      path: ['key'],
      message: 'give either key or urls',
    }),
  example: { type: 'apprise', server: 'http://apprise.example.com:8000', key: 'certglass' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: config.urls,
      deliver(message, receiver, signal) {
        const { headline, body } = writeText(message, limits.apprise, plain);
        const to =
          config.key === null
            ? { urls: config.urls.join(',') }
            : config.tag === null
              ? {}
              : { tag: config.tag };
        return receiver.ask(
          {
            url: `${config.server.replace(/\/+$/, '')}/notify${config.key === null ? '' : `/${config.key}`}`,
            body: { ...to, title: headline, body, type: typeOf(message), format: 'text' },
          },
          signal,
        );
      },
      // 204: the server has no configuration under this key, or no service with this tag.
      refusal: ({ status }) => (status === 204 ? 'the server has no service for this key and tag' : null),
    }),
});

function typeOf({ open }: Message): 'success' | 'info' | 'warning' | 'failure' {
  const worst = open[0]?.severity;
  if (worst === undefined) return 'success';
  return worst === 'notice' ? 'info' : worst === 'warning' ? 'warning' : 'failure';
}
