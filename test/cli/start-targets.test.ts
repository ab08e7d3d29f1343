import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/config.js';
import { withTargets } from '../../src/cli/start-targets.js';

describe('targets of the command line of start', () => {
  const config = loadConfig(null, {});

  it('become a group of their own, and their registered domains count as owned', () => {
    const { scan, policy } = withTargets(config, ['127.0.0.1:8443', 'www.example.com']);
    assert.deepEqual(scan.groups.at(-1)?.targets, ['127.0.0.1:8443', 'www.example.com']);
    assert.deepEqual(policy.ownedDomains, ['www.example.com']);
    assert.equal(withTargets(config, []), config);
  });

  for (const [target, said] of [
    ['8.8.8.8/8', /^the range 8\.0\.0\.0-8\.255\.255\.255 holds 16,777,216 public addresses; .*confirm/],
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
});
