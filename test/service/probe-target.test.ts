import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { tlsConfig } from '../../scanners/tls/config.js';
import { createLiveScope } from '../../scanners/tls/targets/scope.js';
import { createProbeTarget } from '../../src/service/probe-target.js';
import { issueFor } from '../support/pki.js';
import { freePort } from '../support/free-port.js';
import { switchableServer, type SwitchableServer } from '../support/tls-servers.js';
import { log } from '../store/sample.js';

describe('a probe on request', () => {
  let server: SwitchableServer;
  before(async () => {
    server = await switchableServer({ certificate: issueFor('probe.test') });
  });
  after(() => server.close());

  const config = tlsConfig.parse({ scope: ['127.0.0.0/8'] });
  const probe = createProbeTarget({
    config: () => config,
    scope: createLiveScope(config),
    log,
    validate: (leaf, chain) => ({
      verdict: 'invalid',
      grade: 'invalid',
      errors: [{ code: 'self-signed', message: `${chain.length} more`, section: '' }],
      warnings: [],
      rootStore: 'test',
      path: [leaf.sha256],
      links: [],
    }),
  });
  const signal = new AbortController().signal;

  it('brings the certificate, judged', async () => {
    const result = await probe(`127.0.0.1:${server.port}`, signal);
    assert.ok(typeof result !== 'string', String(result));
    assert.deepEqual(result.observation.certificate?.dnsNames, ['probe.test']);
    assert.equal(result.validation?.errors[0]?.message, '0 more');
  });

  it('says what happened where nothing listens', async () => {
    const result = await probe(`127.0.0.1:${await freePort()}`, signal);
    assert.ok(typeof result !== 'string', String(result));
    assert.deepEqual([result.observation.outcome, result.validation], ['refused', null]);
  });

  it('does not leave the scope', async () => {
    const result = await probe('192.0.2.1:443', signal);
    if (typeof result === 'string') assert.match(result, /scope/);
    else assert.equal(result.observation.outcome, 'out-of-scope');
  });

  for (const target of [
    '',
    'not a host!',
    'https://127.0.0.1/',
    '@/etc/passwd',
    '-',
    '127.0.0.0/8',
    '127.0.0.1-127.0.0.9',
  ]) {
    it(`refuses ${JSON.stringify(target)} with a sentence`, async () => {
      const said = await probe(target, signal);
      assert.ok(typeof said === 'string');
      assert.doesNotMatch(said, /root:/);
    });
  }
});
