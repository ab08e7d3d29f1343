import { z } from 'zod';
import type { Severity } from '../model/severity.js';
import { secretString } from '../lib/secret.js';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { limits } from './message/limits.js';
import { plain, writeText } from './message/write.js';

const priorities: Readonly<Record<Severity, number>> = { critical: 5, error: 4, warning: 3, notice: 2 };

/** ntfy, published as JSON so that no text travels in a header. */
export const ntfy = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('ntfy').describe('ntfy push notifications.'),
    server: receiverUrl.default('https://ntfy.sh').describe('Server.'),
    topic: z
      .string()
      .regex(/^[-_A-Za-z0-9]{1,64}$/, 'must be letters, digits, - and _')
      .describe('Topic. On a public server it is a secret.'),
    token: secretString.nullable().default(null).describe('Access token; null means none.'),
    ...receiverShape,
  }),
  example: { type: 'ntfy', topic: 'certglass-4f1c', token: 'tk_xxxx' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.token],
      deliver(message, receiver, signal) {
        const { headline, body } = writeText(message, limits.ntfy, plain);
        const worst = message.open[0]?.severity;
        const click = message.total === 1 ? (message.alerts[0]?.link ?? null) : message.link;
        return receiver.ask(
          {
            url: config.server,
            ...(config.token === null ? {} : { headers: { authorization: `Bearer ${config.token}` } }),
            body: {
              topic: config.topic,
              title: headline,
              message: body,
              priority: worst === undefined ? 2 : priorities[worst],
              tags: [worst === undefined ? 'white_check_mark' : 'warning'],
              ...(click === null ? {} : { click }),
            },
          },
          signal,
        );
      },
    }),
});
