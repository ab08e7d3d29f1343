import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tlsConfig } from '../../scanners/tls/config.js';
import { createScope } from '../../scanners/tls/targets/scope.js';
import { previewScan } from '../../src/service/scan-preview.js';

const config = tlsConfig.parse({ scope: ['127.0.0.0/8'], exclude: ['127.9.0.0/16'], rate: { global: 10 } });
const preview = (targets: string[], ports: number[] | null = [443, 8443]) =>
  previewScan({ targets, ports, depth: null, starttls: null }, config, createScope(config));

describe('a preview of a scan', () => {
  for (const [target, kind, endpoints, refused] of [
    ['127.0.0.1', 'range', 2, false],
    ['127.0.0.1:25', 'range', 1, false],
    ['127.1.0.0/24', 'range', 512, false],
    ['127.9.0.0/24', 'range', 512, true],
    ['10.0.0.0/8', 'range', 33_554_432, true],
    ['shop.example.com', 'host', 2, false],
    ['shop.example.com:443,993', 'host', 2, false],
    ['mx:example.com', 'service', null, false],
    ['@/etc/passwd', 'invalid', null, true],
    ['user@example.com', 'invalid', null, true],
  ] as const)
    it(`of ${target} says ${kind}, ${endpoints}, ${refused ? 'refused' : 'allowed'}`, () => {
      const [one] = preview([target]).targets;
      assert.deepEqual([one?.kind, one?.endpoints, one?.refusal !== null], [kind, endpoints, refused]);
    });

  it('adds up what would be probed, and how long that takes at least', () => {
    const { endpoints, refused, seconds } = preview(['127.1.0.0/24', '10.0.0.0/24', 'a.example.com']);
    assert.deepEqual([endpoints, refused, seconds], [514, 1, 52]);
  });

  it('takes no time that could be told where the rate has no limit', () => {
    const unlimited = tlsConfig.parse({ rate: { global: 0 } });
    const asked = { targets: ['127.0.0.1'], ports: null, depth: null, starttls: null };
    assert.equal(previewScan(asked, unlimited, createScope(unlimited)).seconds, 0);
  });
});
