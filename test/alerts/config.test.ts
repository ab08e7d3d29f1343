import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alertsConfig, createChannels } from '../../src/alerts/config.js';
import { channelKinds } from '../../src/alerts/index.js';
import { webhookSecret } from '../support/webhook-sink.js';
import { quiet } from './samples.js';

const webhook = { type: 'webhook', url: 'https://hooks.example.com/', secrets: [webhookSecret] };
const email = { type: 'email', from: 'a@example.com', to: ['b@example.com'] };

describe('channels', () => {
  it('opens every configured one under its name', async () => {
    const config = alertsConfig.parse({ channels: [webhook, { ...webhook, name: 'oncall' }, email] });
    const channels = createChannels(config, quiet);
    assert.deepEqual(
      channels.map(({ name }) => name),
      ['webhook', 'webhook:oncall', 'email'],
    );
    await Promise.all(channels.map((channel) => channel.close()));
  });

  it('has none by default', () => assert.deepEqual(alertsConfig.parse({}), { channels: [] }));

  for (const [name, channels, path] of [
    ['two of one name', [email, webhook, email], 'channels.2.name'],
    ['an unknown type', [{ type: 'pigeon' }], 'channels.0.type'],
    ['a key of another type', [{ ...email, secrets: [] }], 'channels.0'],
  ] as const)
    it(`refuses ${name} and says where`, () => {
      const { error } = alertsConfig.safeParse({ channels });
      assert.equal(error?.issues[0]?.path.join('.'), path);
    });
});

for (const [name, { config }] of Object.entries(channelKinds))
  it(`${name} describes every key`, () => {
    for (const [key, value] of Object.entries(config.shape)) assert.ok(value.description, `${name}.${key}`);
  });
