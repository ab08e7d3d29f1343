import { z } from 'zod';
import { escapeHtml } from '../lib/printable.js';
import { secretString } from '../lib/secret.js';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape } from './http/receiver.js';
import { withoutMentions } from './message/escape.js';
import { limits } from './message/limits.js';
import { writeText, type Dialect } from './message/write.js';

const dialect: Dialect = {
  escape: (line) => escapeHtml(withoutMentions(line), 2_000),
  bold: (text) => `<b>${text}</b>`,
  link: (label, url) => `<a href="${escapeHtml(url, 2_000)}">${label}</a>`,
};

/** A Telegram bot that writes to one chat, in Telegram's subset of HTML. */
export const telegram = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('telegram').describe('Telegram, by a bot.'),
    token: secretString
      .refine((token) => /^\d+:[\w-]+$/.test(token), 'must be a bot token, for example 123456:ABC-DEF')
      .describe('Token of the bot, best as ${ENV} or file:PATH.'),
    chat: z.string().min(1).describe('Id of the chat, or @name of a channel.'),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://api.telegram.org')
      .describe('Bot API server, for a self-hosted one.'),
    ...receiverShape,
  }),
  example: { type: 'telegram', token: '123456:ABC-DEF', chat: '-1001234567890' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.token],
      deliver(message, receiver, signal) {
        const { headline, body } = writeText(message, limits.telegram, dialect);
        return receiver.ask(
          {
            url: `${config.baseUrl}/bot${config.token}/sendMessage`,
            body: {
              chat_id: config.chat,
              text: `<b>${headline}</b>\n${body}`,
              parse_mode: 'HTML',
              link_preview_options: { is_disabled: true },
            },
          },
          signal,
        );
      },
      refusal: ({ json }) =>
        json?.['ok'] === true ? null : String(json?.['description'] ?? 'no confirmation'),
    }),
});
