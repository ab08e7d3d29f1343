import { z } from 'zod';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { escapeAngles } from './message/escape.js';
import { limits } from './message/limits.js';
import { writeText, type Dialect } from './message/write.js';

/** Google Chat knows `*bold*` and `<url|label>`; `<users/all>` would be a mention. */
const dialect: Dialect = {
  escape: escapeAngles,
  bold: (text) => `*${text}*`,
  link: (label, url) => `<${url}|${label}>`,
};

/** Google Chat by a space's webhook. `requestId` makes a repeat harmless, `threadKey` keeps an incident in one thread. */
export const googleChat = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('google-chat').describe('Google Chat, by the webhook of a space.'),
    url: receiverUrl.describe('URL of the webhook with key and token; it is a secret.'),
    ...receiverShape,
  }),
  example: {
    type: 'google-chat',
    url: 'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=KEY&token=TOKEN',
  },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [
        config.url,
        new URL(config.url).searchParams.get('token'),
        new URL(config.url).searchParams.get('key'),
      ],
      deliver(message, receiver, signal) {
        const { headline, body } = writeText(message, limits.googleChat, dialect);
        const url = new URL(config.url);
        url.searchParams.set('requestId', message.id);
        url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
        const thread = { threadKey: message.replyTo.at(-1) ?? message.id };
        return receiver.ask({ url: url.href, body: { text: `*${headline}*\n${body}`, thread } }, signal);
      },
    }),
});
