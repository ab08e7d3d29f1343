import { z } from 'zod';
import { channelKinds } from '../alerts/index.js';
import type { Channel, ChannelContext, ChannelKind, Takes } from '../alerts/channel.js';
import { inventoryEventTypes } from '../model/event.js';
import { hoursShape, timeZone } from '../lib/hours.js';
import { matchShape } from './routing/match.js';

/** Keys that every channel has beside its own. */
const channelShape = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, for example oncall')
    .nullable()
    .default(null)
    .describe('Distinguishes several channels of one type: `oncall` makes `webhook:oncall`.'),
  ...matchShape,
  events: z
    .array(z.enum(inventoryEventTypes))
    .default([])
    .describe(
      'Events of the inventory to send beside findings, whatever their severity: certificates found on endpoints, renewed, changed, and logged in CT. Owners, tags, environments, hosts and networks of the channel select among them, routes do not.',
    ),
  sendResolved: z.boolean().default(true).describe('Also report when the cause of a finding is gone.'),
  groupIntervalSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(60)
    .describe(
      'Least time between two messages, in seconds; what changes meanwhile goes into the next one. A critical finding waits at most 30 seconds.',
    ),
  digest: z
    .strictObject({
      every: z.enum(['day', 'week']).default('day').describe('How often; a weekly digest comes on Mondays.'),
      at: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, for example 08:30')
        .default('08:00')
        .describe('Time of day.'),
      timezone: timeZone.default('Etc/UTC').describe('Time zone of `at`, for example Europe/Berlin.'),
    })
    .nullable()
    .default(null)
    .describe(
      'Collect everything but critical findings into one message a day or a week; null means at once.',
    ),
  splitBy: z
    .enum(['none', 'owner', 'cause'])
    .default('none')
    .describe('One message for everything, one for each owner, or one for each cause.'),
  quietHours: hoursShape
    .nullable()
    .default(null)
    .describe('Hours in which only critical findings are sent; the rest follows afterwards.'),
  repeatHours: z
    .number()
    .min(1)
    .max(8_760)
    .nullable()
    .default(null)
    .describe('Send an open, unacknowledged finding again after this many hours; null means never.'),
  remindDays: z
    .array(z.number().min(0).max(365))
    .max(20)
    .default([])
    .describe(
      'Remind of a finding with a due date when this many days are left, for example [30, 14, 7, 3, 1].',
    ),
} as const;

/** Keys that every channel has. */
export type ChannelSettings = z.infer<z.ZodObject<typeof channelShape>> & { readonly type: string };

const kinds = Object.values(channelKinds);
const [first, ...others] = kinds.map((kind) => kind.config.safeExtend(channelShape));
if (first === undefined) throw new Error('there is no kind of channel');

const route = z.strictObject({
  name: z.string().min(1).max(100).describe('What the route is called where a decision is explained.'),
  ...matchShape,
  channels: z
    .array(z.string())
    .min(1)
    .describe('Names of the channels that get it, for example `slack:oncall`.'),
  continue: z
    .boolean()
    .default(false)
    .describe('Whether later routes apply as well; otherwise the first that matches is the last.'),
  escalateAfterHours: z
    .number()
    .min(0.1)
    .max(720)
    .default(4)
    .describe('Hours without acknowledgement after which `escalateTo` is alerted.'),
  escalateTo: z
    .array(z.string())
    .default([])
    .describe('Names of the channels that get it when it is not acknowledged in time.'),
});

/** Who is alerted, about what and when. */
export const alertsConfig = z
  .strictObject({
    consoleUrl: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .nullable()
      .default(null)
      .describe('Address under which people reach the console, for links in messages; null means no links.'),
    channels: z
      .array(z.discriminatedUnion('type', [first, ...others]))
      .default([])
      .describe(
        'Receivers of alerts, each with a `type`. If empty, findings are kept and shown but not sent.',
      ),
    routes: z
      .array(route)
      .default([])
      .describe(
        'Which findings go to which channels, in order. If empty, each channel gets what its own keys select.',
      ),
    heartbeat: z
      .strictObject({
        channels: z
          .array(z.string())
          .min(1)
          .describe('Names of the channels, for example `webhook:dead-man`.'),
        everyMinutes: z
          .number()
          .int()
          .min(1)
          .max(10_080)
          .default(60)
          .describe('Minutes between two heartbeats.'),
      })
      .nullable()
      .default(null)
      .describe(
        "Sends a heartbeat at the start and then regularly while Certglass is healthy, past queue and quiet hours; have its receiver raise the alarm when none comes (dead man's switch).",
      ),
    allIsWell: z
      .strictObject({
        channels: z.array(z.string()).min(1).describe('Names of the channels, for example `email`.'),
        every: z.enum(['day', 'week']).default('week').describe('How often; weekly on Mondays.'),
        at: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
          .default('08:00')
          .describe('Time of day, for example 08:00.'),
        timezone: timeZone.default('Etc/UTC').describe('Time zone of `at`.'),
      })
      .nullable()
      .default(null)
      .describe(
        'A regular summary that Certglass is running, what it watches and what is open; the first comes at the first start. null means none.',
      ),
  })
  .superRefine((config, context) => {
    const names = config.channels.map(channelName);
    const complain = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index)
        complain(
          ['channels', index, 'name'],
          `there is another channel called ${name}; give this one another name`,
        );
    });
    const known = (path: (string | number)[], wanted: readonly string[]): void =>
      wanted.forEach((name, index) => {
        if (!names.includes(name))
          complain([...path, index], `there is no channel ${name}; there are ${names.join(', ') || 'none'}`);
      });
    config.channels.forEach(({ type, events }, index) => {
      if (events.length > 0 && channelKinds[type].takes === 'incident')
        complain(
          ['channels', index, 'events'],
          `${type} would open an incident for each; name another channel`,
        );
    });
    config.routes.forEach(({ channels, escalateTo }, index) => {
      known(['routes', index, 'channels'], channels);
      known(['routes', index, 'escalateTo'], escalateTo);
    });
    for (const key of ['heartbeat', 'allIsWell'] as const) {
      const wanted = config[key]?.channels ?? [];
      known([key, 'channels'], wanted);
      wanted.forEach((name, index) => {
        const channel = config.channels.find((one) => channelName(one) === name);
        if (channel !== undefined && channelKinds[channel.type].takes === 'incident')
          complain([key, 'channels', index], `${name} would open an incident for it; name another channel`);
      });
    }
  });

/** Who is alerted, about what and when. */
export type AlertsConfig = z.infer<typeof alertsConfig>;

/** One route, see {@link alertsConfig}. */
export type Route = AlertsConfig['routes'][number];

/** A configured channel, opened. */
export interface OpenChannel {
  readonly name: string;
  readonly takes: Takes;
  /** See {@link ChannelKind}. */
  readonly eventsPerMessage: number | null;
  readonly settings: ChannelSettings;
  readonly channel: Channel;
}

/** What an instance is called: `email`, or `webhook:oncall` when it has a name of its own. */
export function channelName({ type, name }: { readonly type: string; readonly name: string | null }): string {
  return name === null ? type : `${type}:${name}`;
}

/** Opens every configured channel. Close each when done. */
export function openChannels(config: AlertsConfig, log: ChannelContext['log']): OpenChannel[] {
  return config.channels.map((settings) => {
    // The kind that `type` names takes exactly the settings of that type; the compiler cannot see the pairing.
    const { takes, create, eventsPerMessage }: ChannelKind = channelKinds[settings.type];
    const name = channelName(settings);
    const channel = create(settings, { name, log });
    return { name, takes, eventsPerMessage: eventsPerMessage ?? null, settings, channel };
  });
}

/**
 * One sentence for each rule id or theme in the configuration that does not exist, with where it stands. The rules are not known to this
 * schema, so the whole configuration checks it.
 */
export function unknownRules(
  config: AlertsConfig,
  rules: ReadonlySet<string>,
  themes: ReadonlySet<string>,
): readonly { readonly path: readonly (string | number)[]; readonly message: string }[] {
  return (['channels', 'routes'] as const).flatMap((section) =>
    config[section].flatMap((entry, index) =>
      (['rules', 'exceptRules', 'themes'] as const).flatMap((key) =>
        entry[key].flatMap((name, position) => {
          const known = key === 'themes' ? themes : rules;
          if (known.has(name)) return [];
          const what = key === 'themes' ? 'theme' : 'rule';
          return [
            {
              path: [section, index, key, position],
              message: `there is no ${what} ${name}; see certglass rules`,
            },
          ];
        }),
      ),
    ),
  );
}
