import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { configSchema } from '../../src/config/config.js';
import { describeConfig } from '../../src/config/describe.js';
import { secretString } from '../../src/lib/secret.js';
import { secretPaths, withoutSecrets } from '../../src/lib/secret-paths.js';

const secret = z.string().meta({ writeOnly: true });
const schema = z.object({
  plain: z.string(),
  password: secret.describe('Described.').nullable().default(null),
  list: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('a'), url: secret }),
      z.object({ type: z.literal('b') }),
    ]),
  ),
  map: z.record(z.string(), z.object({ token: secret.optional() })),
  piped: secretString.pipe(z.string()),
});

describe('secrets of a schema', () => {
  it('are found through defaults, unions, lists, records and transforms', () => {
    assert.deepEqual([...secretPaths(schema)].sort(), ['list.*.url', 'map.*.token', 'password', 'piped']);
  });

  it('are hidden in a value, and nothing else is', () => {
    const value = {
      plain: 'p',
      password: 'x',
      list: [{ type: 'a', url: 'u' }, { type: 'b' }],
      map: { one: { token: 't' } },
      piped: '',
    };
    assert.deepEqual(withoutSecrets(value, secretPaths(schema), '*'), {
      plain: 'p',
      password: '*',
      list: [{ type: 'a', url: '*' }, { type: 'b' }],
      map: { one: { token: '*' } },
      piped: '',
    });
  });
});

describe('the configuration in force', () => {
  const config = configSchema.parse({
    api: { tokens: [{ name: 'a', token: 'hush-hush-hush-hush-hush' }] },
    scan: { rate: { global: 7 } },
    log: { level: 'warn' },
  });
  const settings = describeConfig(config, { CERTGLASS__LOG__LEVEL: 'warn' });
  const of = (key: string) => settings.find((setting) => setting.key === key);

  it('says where each value comes from', () => {
    assert.deepEqual(of('scan.rate.global'), {
      key: 'scan.rate.global',
      value: 7,
      default: 1_000,
      origin: 'file',
    });
    assert.equal(of('log.level')?.origin, 'environment');
    assert.equal(of('api.port')?.origin, 'default');
  });

  it('holds no secret', () => {
    assert.ok(settings.length > 50);
    assert.ok(!JSON.stringify(settings).includes('hush'));
    assert.match(JSON.stringify(of('api.tokens')), /"token":"•+"/);
  });

  it('marks every key that is called a secret', () => {
    const paths = [...secretPaths(configSchema)];
    for (const path of [
      'api.tokens.*.token',
      'api.oidc.clientSecret',
      'store.password',
      'store.embedded.readerPassword',
    ])
      assert.ok(paths.includes(path), path);
  });
});
