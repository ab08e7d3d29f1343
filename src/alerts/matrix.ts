import { z } from 'zod';
import { escapeHtml } from '../lib/printable.js';
import { secretString } from '../lib/secret.js';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { withoutMentions } from './message/escape.js';
import { limits } from './message/limits.js';
import { writeText, type Dialect } from './message/write.js';

const html: Dialect = {
  escape: (line) => escapeHtml(withoutMentions(line), 2_000),
  bold: (text) => `<strong>${text}</strong>`,
  link: (label, url) => `<a href="${escapeHtml(url, 2_000)}">${label}</a>`,
};
const text: Dialect = {
  escape: withoutMentions,
  bold: (line) => line,
  link: (label, url) => `${label}: ${url}`,
};

/** A Matrix room, by the client-server API. The transaction id is the delivery's: a repeat is one event. */
export const matrix = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('matrix').describe('A Matrix room.'),
    homeserver: receiverUrl.describe('Base URL of the homeserver, for example https://matrix.example.com.'),
    accessToken: secretString.describe(
      'Access token of the account that posts, best as ${ENV} or file:PATH.',
    ),
    room: z.string().regex(/^!/, 'must be a room id, which begins with !').describe('Room id.'),
    ...receiverShape,
  }),
  example: {
    type: 'matrix',
    homeserver: 'https://matrix.example.com',
    accessToken: 'syt_xxxx',
    room: '!abc:example.com',
  },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.accessToken],
      deliver(message, receiver, signal) {
        const plain = writeText(message, limits.matrix, text);
        const formatted = writeText(message, limits.matrix, html);
        const room = encodeURIComponent(config.room);
        return receiver.ask(
          {
            method: 'PUT',
            url: `${config.homeserver.replace(/\/+$/, '')}/_matrix/client/v3/rooms/${room}/send/m.room.message/${message.id}`,
            headers: { authorization: `Bearer ${config.accessToken}` },
            body: {
              msgtype: 'm.text',
              body: `${plain.headline}\n${plain.body}`,
              format: 'org.matrix.custom.html',
              formatted_body: `<strong>${formatted.headline}</strong><br>${formatted.body.replaceAll('\n', '<br>')}`,
              // Nothing in the text mentions anybody.
              'm.mentions': {},
            },
          },
          signal,
        );
      },
    }),
});
