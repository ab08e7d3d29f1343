import { z } from 'zod';
import type { Severity } from '../model/severity.js';
import { secretString } from '../lib/secret.js';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { limits } from './message/limits.js';
import { plain, writeText } from './message/write.js';

const priorities: Readonly<Record<Severity, number>> = { critical: 10, error: 8, warning: 5, notice: 2 };

/** Gotify push notifications, as plain text. */
export const gotify = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('gotify').describe('Gotify push notifications.'),
    server: receiverUrl.describe('Base URL of the server, for example https://gotify.example.com.'),
    token: secretString.describe('Token of the application, best as ${ENV} or file:PATH.'),
    ...receiverShape,
  }),
  example: { type: 'gotify', server: 'https://gotify.example.com', token: 'AxxxxxxxxxxxxxX' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.token],
      deliver(message, receiver, signal) {
        const { headline, body } = writeText(message, limits.gotify, plain);
        const worst = message.open[0]?.severity;
        const extras = { 'client::display': { contentType: 'text/plain' } };
        return receiver.ask(
          {
            url: `${config.server.replace(/\/+$/, '')}/message`,
            headers: { 'x-gotify-key': config.token },
            body: {
              title: headline,
              message: body,
              priority: worst === undefined ? 2 : priorities[worst],
              extras,
            },
          },
          signal,
        );
      },
    }),
});
