import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelKinds } from '../../src/alerts/index.js';
import { alertsConfig, openChannels, unknownRules } from '../../src/delivery/config.js';
import { quiet } from '../alerts/samples.js';
import { webhookSecret } from '../support/webhook-sink.js';

const webhook = { type: 'webhook', url: 'https://hooks.example.com/', secrets: [webhookSecret] };
const email = { type: 'email', from: 'a@example.com', to: ['b@example.com'] };

describe('configuration of alerts', () => {
  it('opens every configured channel under its name', async () => {
    const config = alertsConfig.parse({ channels: [webhook, { ...webhook, name: 'oncall' }, email] });
    const channels = openChannels(config, quiet);
    assert.deepEqual(
      channels.map(({ name }) => name),
      ['webhook', 'webhook:oncall', 'email'],
    );
    await Promise.all(channels.map(({ channel }) => channel.close()));
  });

  it('has no channels and no routes by default', () => {
    const { channels, routes, consoleUrl } = alertsConfig.parse({});
    assert.deepEqual([channels, routes, consoleUrl], [[], [], null]);
  });

  for (const [name, config, path] of [
    ['two channels of one name', { channels: [email, webhook, email] }, 'channels.2.name'],
    ['an unknown type', { channels: [{ type: 'pigeon' }] }, 'channels.0.type'],
    ['a key of another type', { channels: [{ ...email, secrets: [] }] }, 'channels.0'],
    ['a misspelt severity', { channels: [{ ...email, minSeverity: 'fatal' }] }, 'channels.0.minSeverity'],
    ['a name with capitals', { channels: [{ ...email, name: 'On Call' }] }, 'channels.0.name'],
    ['a network that is none', { channels: [{ ...email, networks: ['office'] }] }, 'channels.0.networks.0'],
    [
      'a time zone that is none',
      { channels: [{ ...email, digest: { timezone: 'Mars/Base' } }] },
      'channels.0.digest.timezone',
    ],
    [
      'a route to no channel',
      { channels: [email], routes: [{ name: 'a', channels: ['emial'] }] },
      'routes.0.channels.0',
    ],
    [
      'an escalation to no channel',
      { channels: [email], routes: [{ name: 'a', channels: ['email'], escalateTo: ['x'] }] },
      'routes.0.escalateTo.0',
    ],
    ['a heartbeat to no channel', { heartbeat: { channels: ['webhook'] } }, 'heartbeat.channels.0'],
    [
      'a heartbeat that would open incidents',
      {
        channels: [{ type: 'pagerduty', routingKey: '0'.repeat(32) }],
        heartbeat: { channels: ['pagerduty'] },
      },
      'heartbeat.channels.0',
    ],
    ['an event that does not exist', { channels: [{ ...email, events: ['all'] }] }, 'channels.0.events.0'],
    [
      'events that would open incidents',
      {
        channels: [{ type: 'pagerduty', routingKey: 'k'.repeat(32), events: ['certificate_issued'] }],
      },
      'channels.0.events',
    ],
    ['a summary to no channel', { allIsWell: { channels: ['email'] } }, 'allIsWell.channels.0'],
  ] as const)
    it(`refuses ${name} and says where`, () => {
      const { error } = alertsConfig.safeParse(config);
      assert.equal(error?.issues[0]?.path.join('.'), path);
    });

  it('names rules and themes that do not exist, and where they stand', () => {
    const config = alertsConfig.parse({
      channels: [{ ...email, rules: ['expired', 'exipred'], themes: ['tiem'] }],
      routes: [{ name: 'a', channels: ['email'], exceptRules: ['shadwo'] }],
    });
    assert.deepEqual(
      unknownRules(config, new Set(['expired', 'shadow']), new Set(['time'])).map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      ),
      [
        'channels.0.rules.1: there is no rule exipred; see certglass rules',
        'channels.0.themes.0: there is no theme tiem; see certglass rules',
        'routes.0.exceptRules.0: there is no rule shadwo; see certglass rules',
      ],
    );
  });
});

for (const [name, { config, example }] of Object.entries(channelKinds))
  describe(`channel ${name}`, () => {
    it('describes every key', () => {
      for (const [key, value] of Object.entries(config.shape)) assert.ok(value.description, `${name}.${key}`);
    });
    it('has an example that its schema accepts', () => {
      assert.equal(alertsConfig.safeParse({ channels: [example] }).success, true);
      assert.equal(example.type, name);
    });
  });
