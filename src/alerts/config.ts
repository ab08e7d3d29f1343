import type { Logger } from 'pino';
import { z } from 'zod';
import type { Channel } from './channel.js';
import { channelKinds } from './index.js';
import { channelName } from './message/routing.js';

const kinds = Object.values(channelKinds);
type ChannelConfig = z.infer<(typeof kinds)[number]['config']>;

const [first, ...others] = kinds.map((kind) => kind.config);
if (first === undefined) throw new Error('there is no kind of channel');

/** Who is told of findings, and how. */
export const alertsConfig = z.strictObject({
  channels: z
    .array(z.discriminatedUnion('type', [first, ...others]))
    .default([])
    .superRefine((channels, context) => {
      const names = channels.map(channelName);
      names.forEach((name, index) => {
        if (names.indexOf(name) !== index)
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `there is another channel called ${name}; give this one a name of its own`,
          });
      });
    })
    .describe('Receivers of alerts, each with a `type`. None: findings are kept and shown, nobody is told.'),
});

/** Who is told of findings, and how. */
export type AlertsConfig = z.infer<typeof alertsConfig>;

/** Opens every configured channel. Close each when done. */
export function createChannels(config: AlertsConfig, log: Logger): Channel[] {
  return config.channels.map((channel) => kindOf(channel.type).create(channel, log));
}

/** The kind that `type` names takes exactly the configurations of that type; the compiler cannot see the pairing. */
function kindOf(type: ChannelConfig['type']): { create(config: ChannelConfig, log: Logger): Channel } {
  return channelKinds[type];
}
