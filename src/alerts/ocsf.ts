import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { ocsfOf } from './message/ocsf.js';
import { eventsOf } from './message/siem.js';

/** Events as OCSF, posted as a JSON array: for collectors, data lakes and SIEMs that speak the Open Cybersecurity Schema Framework. */
export const ocsf = channelKind({
  takes: 'stream',
  eventsPerMessage: 500,
  config: z.strictObject({
    type: z.literal('ocsf').describe('Open Cybersecurity Schema Framework 1.8.0 over HTTP.'),
    url: receiverUrl.describe('Where to post a JSON array of events. May itself be a secret.'),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]+$/), secretString.pipe(z.string().regex(/^[\t\x20-\x7e]*$/)))
      .default({})
      .describe('Request headers, for example Authorization.'),
    ...receiverShape,
  }),
  example: {
    type: 'ocsf',
    url: 'https://collector.example.com/ocsf',
    headers: { Authorization: 'Bearer ${COLLECTOR_TOKEN}' },
  },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.url, ...Object.values(config.headers)],
      deliver: (message, receiver, signal) =>
        receiver.ask(
          { url: config.url, headers: config.headers, body: eventsOf(message).map(ocsfOf) },
          signal,
        ),
    }),
});
