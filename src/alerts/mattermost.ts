import { z } from 'zod';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { escapeMarkdown } from './message/escape.js';
import { limits } from './message/limits.js';
import { writeText, type Dialect } from './message/write.js';

const dialect: Dialect = {
  escape: escapeMarkdown,
  bold: (text) => `**${text}**`,
  link: (label, url) => `[${label}](${url})`,
};

/** Mattermost (or Rocket.Chat, which takes the same) by an incoming webhook. */
export const mattermost = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('mattermost').describe('Mattermost or Rocket.Chat, by an incoming webhook.'),
    url: receiverUrl.describe('URL of the incoming webhook; it is a secret.'),
    channel: z
      .string()
      .nullable()
      .default(null)
      .describe('Channel to post to; null means the one the webhook was made for.'),
    ...receiverShape,
  }),
  example: { type: 'mattermost', url: 'https://chat.example.com/hooks/xxxx' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.url],
      deliver(message, receiver, signal) {
        const { headline, body } = writeText(message, limits.mattermost, dialect);
        // Two spaces before a line break keep the lines apart.
        const text = `**${headline}**\n${body}`.replaceAll('\n', '  \n');
        const to = config.channel === null ? {} : { channel: config.channel };
        return receiver.ask({ url: config.url, body: { ...to, text } }, signal);
      },
    }),
});
