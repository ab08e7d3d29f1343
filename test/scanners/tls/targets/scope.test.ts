import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { createLiveScope, createScope, type ScopeConfig } from '../../../../scanners/tls/targets/scope.js';

const scope = (changes: Partial<ScopeConfig> = {}) =>
  createScope({ scope: [], exclude: [], excludeOwnAddresses: false, ...changes });

describe('A scope', () => {
  const cases: readonly (readonly [
    what: string,
    config: Partial<ScopeConfig>,
    host: string,
    address: string,
    allowed: boolean,
  ])[] = [
    ['an address as written', {}, '169.254.1.1', '169.254.1.1', true],
    ['a name at a private address', {}, 'a.example', '10.0.0.1', true],
    ['a name at a public address', {}, 'a.example', '192.0.1.1', true],
    ['a name at loopback', {}, 'localhost', '127.0.0.1', true],
    ['a name at the metadata service', {}, 'a.example', '169.254.169.254', false],
    ['a name at an IPv6 metadata service', {}, 'a.example', 'fd00:ec2::254', false],
    ['a name at an IPv4-mapped link-local address', {}, 'a.example', '::ffff:169.254.169.254', false],
    ['a name at NAT64 of anything', {}, 'a.example', '64:ff9b::a9fe:a9fe', false],
    ['a name at a multicast address', {}, 'a.example', '224.0.0.1', false],
    ['a name at the unspecified address', {}, 'a.example', '0.0.0.0', false],
    ['an address inside the allow-list', { scope: ['10.0.0.0/8'] }, '10.9.9.9', '10.9.9.9', true],
    ['an address outside the allow-list', { scope: ['10.0.0.0/8'] }, '11.0.0.0', '11.0.0.0', false],
    ['a name outside the allow-list', { scope: ['10.0.0.0/8'] }, 'a.example', '127.0.0.1', false],
    ['the last address of the allow-list', { scope: ['10.0.0.1-9', 'fd00::/8'] }, 'a', '10.0.0.9', true],
    ['the first address after it', { scope: ['10.0.0.1-9', 'fd00::/8'] }, 'a', '10.0.0.10', false],
    ['an IPv6 address inside', { scope: ['10.0.0.1-9', 'fd00::/8'] }, 'a', 'fd12::1', true],
    ['an excluded address', { exclude: ['10.0.0.0/24'] }, '10.0.0.7', '10.0.0.7', false],
    [
      'an excluded address of the allow-list',
      { scope: ['10.0.0.0/8'], exclude: ['10.0.0.7'] },
      'a',
      '10.0.0.7',
      false,
    ],
    ['an excluded name', { exclude: ['a.example'] }, 'a.example', '10.0.0.1', false],
    ['a name below an excluded one', { exclude: ['*.a.example'] }, 'b.a.example', '10.0.0.1', false],
    ['the parent of excluded names', { exclude: ['*.a.example'] }, 'a.example', '10.0.0.1', true],
    ['something that is no address', {}, 'a.example', 'nonsense', false],
  ];
  for (const [what, config, host, address, allowed] of cases)
    it(`${allowed ? 'admits' : 'refuses'} ${what}`, () =>
      assert.equal(scope(config).refusal(host, address, false) === null, allowed));

  it('refuses loopback to a learned name', () => {
    assert.match(scope().refusal('ct.example', '127.0.0.1', true) ?? '', /learned/);
    assert.equal(scope().refusal('ct.example', '10.0.0.1', true), null);
  });

  it('refuses this machine when asked to', () => {
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])[0];
    assert.ok(own);
    assert.match(scope({ excludeOwnAddresses: true }).refusal('a', own.address, false) ?? '', /excluded/);
  });

  it('says what it cannot read', () => {
    assert.throws(() => scope({ scope: ['example.com'] }), /not an address, CIDR or range/);
    assert.throws(() => scope({ exclude: ['10.0.0.0/40'] }), /prefix length/);
  });
});

it('is replaced while it is in use, and kept when the new one cannot be read', () => {
  const config = { scope: [], exclude: [], excludeOwnAddresses: false };
  const live = createLiveScope(config);
  assert.equal(live.refusal('10.0.0.1', '10.0.0.1', false), null);
  live.replace({ ...config, exclude: ['10.0.0.0/24'] });
  assert.equal(live.refusal('10.0.0.1', '10.0.0.1', false), '10.0.0.1 is excluded');
  assert.equal(live.excluded.length, 1);
  assert.throws(() => live.replace({ ...config, exclude: ['10.0.0.0/99'] }), /prefix length/);
  assert.equal(live.refusal('10.0.0.1', '10.0.0.1', false), '10.0.0.1 is excluded');
});
