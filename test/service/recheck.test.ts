import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { tlsConfig } from '../../scanners/tls/config.js';
import { createScope } from '../../scanners/tls/targets/scope.js';
import type { Observation } from '../../src/model/observation.js';
import { endpointKey } from '../../src/model/target.js';
import { recheck } from '../../src/service/recheck.js';
import { issueFor } from '../support/pki.js';
import { tlsServer } from '../support/tls-servers.js';

it('endpoints in doubt are probed again at their address, within the scope', async () => {
  const server = await tlsServer({ certificate: issueFor('shop.example'), host: '127.77.1.1' });
  const target = { host: 'shop.example', port: server.port, serverName: 'shop.example', starttls: null };
  const keys = ['127.77.1.1', '127.77.1.2'].map((address) => endpointKey({ ...target, address }));
  const abort = new AbortController();
  const seen: Observation[] = [];
  const config = tlsConfig.parse({ deadlineMs: 2000, exclude: ['127.77.1.2'] });
  await recheck({
    doubts: { due: () => keys.splice(0) },
    config: () => config,
    scope: createScope(config),
    pipeline: {
      async take(fact) {
        if (fact.kind === 'observations') seen.push(...fact.observations);
        abort.abort();
      },
    },
    signal: abort.signal,
    log: pino({ level: 'silent' }),
  });
  await server.close();
  assert.deepEqual(seen.map(({ target: { host, address }, outcome }) => [host, address, outcome]).sort(), [
    ['shop.example', '127.77.1.1', 'ok'],
    ['shop.example', '127.77.1.2', 'out-of-scope'],
  ]);
});
