import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/config.js';
import { withConfirmed, withTargets } from '../../src/cli/start-targets.js';

describe('targets of the command line of start', () => {
  const config = loadConfig(null, {});

  it('become a group of their own, and their registered domains count as owned', () => {
    const { scan, policy } = withTargets(config, ['127.0.0.1:8443', 'www.example.com']);
    assert.deepEqual(scan.groups.at(-1)?.targets, ['127.0.0.1:8443', 'www.example.com']);
    assert.deepEqual(policy.ownedDomains, ['www.example.com']);
    assert.equal(withTargets(config, []), config);
  });

  for (const [target, said] of [
    [
      '8.8.8.8/8',
      /^the range 8\.0\.0\.0-8\.255\.255\.255 holds 16,777,216 addresses; each port takes 5 h at 1,000 a second\. .*--yes-scan 16777216/,
    ],
    ['10.0.0.0/8', /^the range 10\.0\.0\.0-10\.255\.255\.255 holds 16,777,216 addresses/],
    ['-', /standard input.*@FILE$/],
    ['co.uk', /^co\.uk: /],
    ['https://example.com/', /is a URL/],
  ] as const)
    it(`${target} is refused before anything starts`, () =>
      assert.throws(() => withTargets(config, [target]), { message: said }));

  it('a large range that the configuration confirms is taken', () => {
    const confirmed = { ...config, scan: { ...config.scan, confirmLargeRanges: true } };
    assert.deepEqual(withTargets(confirmed, ['8.8.8.8/8']).scan.groups.at(-1)?.targets, ['8.8.8.8/8']);
  });

  it('--yes-scan confirms ranges up to its number of addresses', () => {
    const with10 = (addresses: number) => ({ ...config, scan: withConfirmed(config.scan, addresses) });
    assert.ok(withTargets(with10(16_777_216), ['10.0.0.0/8']));
    assert.throws(() => withTargets(with10(16_777_215), ['10.0.0.0/8']), /--yes-scan 16777216/);
    assert.deepEqual(withConfirmed(config.scan, undefined), config.scan);
  });

  it('what lies outside the allow-list is refused at once', () => {
    const limited = { ...config, scan: { ...config.scan, scope: ['127.0.0.0/24'], exclude: ['127.0.0.9'] } };
    assert.ok(withTargets(limited, ['127.0.0.1', '127.0.0.0/16', 'a.example.com']));
    for (const [target, said] of [
      ['127.0.1.1:443', /^127\.0\.1\.1:443 is outside scan\.scope: nothing of it may be scanned$/],
      ['127.0.0.9', /^127\.0\.0\.9 is excluded by scan\.exclude/],
      ['::1', /outside scan\.scope/],
    ] as const)
      assert.throws(() => withTargets(limited, [target]), { message: said });
  });
});
