import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { alertsConfig, createChannels } from '../../src/alerts/config.js';
import { channelKinds } from '../../src/alerts/index.js';
import { webhookSecret } from '../support/webhook-sink.js';
import { quiet } from './samples.js';

const root = resolve(import.meta.dirname, '../../..');
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

describe('every kind of channel', () => {
  const files = readdirSync(resolve(root, 'src/alerts'))
    .filter((name) => name.endsWith('.ts') && !['index.ts', 'config.ts', 'channel.ts'].includes(name))
    .map((name) => name.slice(0, -3));
  it('is listed by its file name', () => assert.deepEqual(Object.keys(channelKinds).sort(), files.sort()));
  for (const file of files) {
    it(`${file} has a test`, () => assert.ok(existsSync(resolve(root, `test/alerts/${file}.test.ts`))));
    it(`${file} describes every key`, () => {
      const schema = readFileSync(resolve(root, `src/alerts/${file}.ts`), 'utf8');
      assert.ok(schema.includes('.describe('));
      const { shape } = channelKinds[file as keyof typeof channelKinds].config;
      for (const [key, value] of Object.entries(shape)) assert.ok(value.description, `${file}.${key}`);
    });
  }
});
