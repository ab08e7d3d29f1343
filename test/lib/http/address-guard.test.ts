import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressGuard, parseNetwork } from '../../../src/lib/http/address-guard.js';

const closed = { allowPrivate: false, allow: [] };
const open = { allowPrivate: true, allow: [] };

/** Address, and whether it may be connected to: by default, with allowPrivate. */
const table: readonly [string, boolean, boolean][] = [
  ['8.8.8.8', true, true],
  ['2606:4700::1111', true, true],
  ['127.0.0.1', false, true],
  ['127.255.255.254', false, true],
  ['10.0.0.1', false, true],
  ['172.16.0.1', false, true],
  ['172.31.255.255', false, true],
  ['172.32.0.1', true, true],
  ['192.168.1.1', false, true],
  ['::1', false, true],
  ['fd00::1', false, true],
  ['fc00::1', false, true],
  ['::ffff:127.0.0.1', false, true],
  ['::ffff:8.8.8.8', true, true],
  ['64:ff9b::8.8.8.8', true, true],
  ['64:ff9b::7f00:1', false, true],
  ['64:ff9b::a9fe:a9fe', false, false],
  ['2002:7f00:1::', false, true],
  ['2002:808:808::', true, true],
  ['0.0.0.0', false, false],
  ['0.1.2.3', false, false],
  ['::', false, false],
  ['169.254.169.254', false, false],
  ['::ffff:169.254.169.254', false, false],
  ['fd00:ec2::254', false, false],
  ['fe80::1', false, false],
  ['fec0::1', false, false],
  ['100.64.0.1', false, false],
  ['100.100.100.200', false, false],
  ['192.0.0.192', false, false],
  ['192.0.2.1', false, false],
  ['198.18.0.1', false, false],
  ['198.51.100.1', false, false],
  ['203.0.113.1', false, false],
  ['224.0.0.1', false, false],
  ['240.0.0.1', false, false],
  ['255.255.255.255', false, false],
  ['ff02::1', false, false],
  ['2001::1', false, false],
  ['2001:db8::1', false, false],
  ['100::1', false, false],
  ['5f00::1', false, false],
  ['', false, false],
  ['example.com', false, false],
];

describe('addressGuard', () => {
  const byDefault = addressGuard(closed);
  const withPrivate = addressGuard(open);
  for (const [address, publicly, privately] of table) {
    it(`judges ${address || 'empty text'}: ${publicly} by default, ${privately} with allowPrivate`, () => {
      assert.equal(byDefault(address) === null, publicly, byDefault(address) ?? 'open');
      assert.equal(withPrivate(address) === null, privately, withPrivate(address) ?? 'open');
    });
  }

  it('opens exactly what the allow-list names', () => {
    const guard = addressGuard({
      allowPrivate: false,
      allow: ['169.254.169.254', '10.1.2.0/24', 'fd12::/16'],
    });
    assert.equal(guard('169.254.169.254'), null);
    assert.equal(guard('10.1.2.255'), null);
    assert.equal(guard('::ffff:10.1.2.3'), null);
    assert.equal(guard('fd12:1::1'), null);
    assert.notEqual(guard('169.254.169.253'), null);
    assert.notEqual(guard('10.1.3.0'), null);
    assert.notEqual(guard('127.0.0.1'), null);
  });

  it('refuses networks it cannot read, with an example', () => {
    for (const text of ['', 'localhost', '10.0.0.0/33', '10.0.0', 'fd00::/129'])
      assert.throws(() => parseNetwork(text), /for example 10\.1\.2\.0\/24/, text);
  });
});
