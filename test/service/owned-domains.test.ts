import assert from 'node:assert/strict';
import { it } from 'node:test';
import { configSchema } from '../../src/config/config.js';
import { withOwnedDomains } from '../../src/service/owned-domains.js';

const ownedOf = (targets: readonly string[], ownedDomains: readonly string[] = []): readonly string[] => {
  const config = configSchema.parse({ policy: { ownedDomains }, scan: { groups: [{ targets }] } });
  return withOwnedDomains(config).policy.ownedDomains;
};

for (const [target, expected] of [
  ['example.com', ['example.com']],
  ['www.example.co.uk', ['example.co.uk']],
  ['shop.example.com:8443', ['example.com']],
  ['mx:example.org', ['example.org']],
  ['srv:_imaps._tcp.example.net', ['example.net']],
  ['app.example.github.io', ['example.github.io']],
  ['192.0.2.1', []],
  ['192.0.2.0/28', []],
  ['192.0.2.1-192.0.2.9', []],
  ['[2001:db8::1]:443', []],
  ['@targets.txt', []],
  ['localhost', []],
] as const)
  it(`takes ${expected.join() || 'nothing'} for owned where ${target} is scanned`, () => {
    assert.deepEqual(ownedOf([target]), expected);
  });

it('names each domain once, and leaves configured ones as they are', () => {
  assert.deepEqual(ownedOf(['a.example.com', 'b.example.com', 'example.org']), [
    'example.com',
    'example.org',
  ]);
  assert.deepEqual(ownedOf(['a.example.com'], ['example.net']), ['example.net']);
});

it('expects hosts and addresses that are named one by one to answer', () => {
  const targets = [
    'www.example.com:8443',
    '192.0.2.1',
    '192.0.2.0/30',
    '[2001:db8::1]:443',
    'mx:example.org',
    '@x.txt',
  ];
  const config = configSchema.parse({
    policy: { expectedHosts: ['db.internal'] },
    scan: { groups: [{ targets }] },
  });
  assert.deepEqual(withOwnedDomains(config).policy.expectedHosts, [
    'db.internal',
    'www.example.com',
    '192.0.2.1',
    '2001:db8::1',
  ]);
});
