import { z } from 'zod';
import { channelKind, type Message } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { escapeMarkdown } from './message/escape.js';
import { limits } from './message/limits.js';
import { writeText, type Dialect } from './message/write.js';

const dialect: Dialect = {
  escape: escapeMarkdown,
  bold: (text) => `**${text}**`,
  link: (label, url) => `[${label}](<${url}>)`,
};

const colours = { critical: 0xa40e26, error: 0xc4432b, warning: 0x8a6100, notice: 0x59636e } as const;

/** Discord by a webhook: one embed. `allowed_mentions` makes sure that nothing in it mentions anybody. */
export const discord = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('discord').describe('Discord, by a webhook.'),
    url: receiverUrl.describe('URL of the webhook; it is a secret.'),
    ...receiverShape,
  }),
  example: { type: 'discord', url: 'https://discord.com/api/webhooks/0/TOKEN' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.url],
      deliver(message, receiver, signal) {
        const { headline, body } = writeText(message, limits.discord, dialect);
        const embed = {
          title: headline.slice(0, 256),
          description: body.slice(0, 4_096),
          color: colourOf(message),
        };
        const content = { embeds: [embed], allowed_mentions: { parse: [] } };
        return receiver.ask({ url: config.url, body: content }, signal);
      },
    }),
});

function colourOf({ open }: Message): number {
  const worst = open[0]?.severity;
  return worst === undefined ? 0x1a7f37 : colours[worst];
}
