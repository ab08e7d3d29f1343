import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { ctConfig } from '../../scanners/ct/config.js';
import { createCtScanner } from '../../scanners/ct/ct-scanner.js';
import { targetGroup, tlsConfig } from '../../scanners/tls/config.js';
import { createTlsScanner } from '../../scanners/tls/scanner.js';
import { createLiveScope } from '../../scanners/tls/targets/scope.js';
import { startAlerts } from '../../src/delivery/alerts.js';
import { alertsConfig, openChannels } from '../../src/delivery/config.js';
import { openLedger } from '../../src/judging/finding-ledger.js';
import { createJudging } from '../../src/judging/judging.js';
import type { Finding } from '../../src/model/finding.js';
import { policyConfig } from '../../src/rules/config.js';
import { rules } from '../../src/rules/index.js';
import { worseThan } from '../../src/rules/worse-than.js';
import { openStore } from '../../src/store/index.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { words } from '../alerts/samples.js';
import { openRouting } from '../delivery/samples.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';
import { certificateEntry, startCtLog, writeLogList } from '../support/ct-log.js';
import { issueCa, issueFor } from '../support/pki.js';
import { tlsServer } from '../support/tls-servers.js';
import { startWebhookSink, webhookSecret } from '../support/webhook-sink.js';

const hourMs = 3_600_000;
const name = 'unknown.estate.test';

/** A service in parts, whose clock the test moves; CT log, TLS server and webhook are real ones on loopback. */
async function openService(webhookUrl: string) {
  const folder = temporaryFolder();
  const abort = new AbortController();
  let shiftMs = 0;
  const now = (): Date => new Date(Date.now() + shiftMs);
  const store = await openStore(embeddedConfig(folder), log);
  const ledger = await openLedger(store, worseThan);
  const channel = { type: 'webhook', url: webhookUrl, secrets: [webhookSecret], allowPrivate: true };
  const { channels } = alertsConfig.parse({ channels: [{ ...channel, groupIntervalSeconds: 0 }] });
  const judging = createJudging({
    store,
    ledger,
    policy: policyConfig.parse({ ownedDomains: ['estate.test'] }),
    rules,
    readCertificate,
    validate: () => ({ verdict: 'valid', errors: [], rootStore: 'test', path: [] }) as never,
    keyWatch: {
      evidence: () => Promise.resolve({ compromised: new Set(), sharedPrimes: new Map() }),
      unsettledRules: () => [],
    },
    inventorySources: [],
    scannedSince: () => Promise.resolve(null),
    version: 'test',
    onFindings: () => alerts.flush(),
    signal: abort.signal,
    log,
    now,
  });
  const alerts = startAlerts({
    ...{ store, channels: openChannels(alertsConfig.parse({ channels }), log), routing: openRouting, words },
    ...{ evaluator: judging.evaluator, signal: abort.signal, log },
  });
  const ofRule = (): readonly Finding[] => [...ledger.open.ofRule('unexplained-issuance')];
  return {
    folder,
    store,
    judging,
    ofRule,
    /** What has to be done at some time from now. */
    async after(hours: number): Promise<readonly Finding[]> {
      shiftMs = hours * hourMs;
      await judging.pipeline.drained();
      if ((await judging.fleet.due(now())).length > 0) alerts.flush();
      return ofRule();
    },
    async close() {
      abort.abort();
      await judging.pipeline.drained();
      await alerts.stop();
      await store.close();
    },
  };
}

type TestService = Awaited<ReturnType<typeof openService>>;

/** Follows the log from its first entry until the certificate is stored. */
async function readLog(
  { folder, judging, store }: TestService,
  listFile: string,
  sha256: string,
): Promise<void> {
  const scanner = createCtScanner({
    config: ctConfig.parse({
      logLists: [{ source: listFile }],
      start: 'zero',
      pollSeconds: 0.1,
      minPollSeconds: 0.05,
      workers: 1,
    }),
    ownedDomains: ['estate.test'],
    positions: async () => [],
    logger: log,
    folder: join(folder, 'ct'),
  });
  const abort = new AbortController();
  const running = scanner.run(judging.pipeline, abort.signal);
  while (!(await store.certificates([sha256])).has(sha256))
    await new Promise((resolve) => setTimeout(resolve, 20));
  abort.abort(new Error('it was read'));
  await running;
}

async function scan({ judging }: TestService, address: string, port: number): Promise<void> {
  const config = tlsConfig.parse({});
  const group = targetGroup.parse({
    name: 'estate',
    targets: [`${address}:${port}`],
    serverName: name,
    schedule: null,
  });
  const scanner = createTlsScanner({ config, group, scope: createLiveScope(config), log });
  await scanner.run(judging.pipeline, AbortSignal.timeout(20_000));
  await judging.pipeline.drained();
}

it('alerts on an unexplained certificate after the grace time, and closes it once its key is served', async (t) => {
  const unknown = issueCa('A CA that nobody uses here');
  const issued = issueFor(name, { issuer: unknown });
  const sink = await startWebhookSink();
  const ctLog = await startCtLog({ protocol: 'static-ct', description: 'Loopback', entries: [] });
  const service = await openService(sink.url);
  t.after(async () => {
    await service.close();
    await ctLog.close();
    await sink.close();
  });
  ctLog.append(certificateEntry(issued, unknown));
  const list = await writeLogList(join(service.folder, 'logs.json'), [ctLog]);
  await readLog(service, list, issued.sha256);

  assert.deepEqual(await service.after(23.5), [], 'the grace time is not over');
  const [found] = await service.after(24.5);
  assert.equal(found?.host, name);
  assert.equal(found.severity, 'error', 'of an issuer that nothing here uses');
  const [alert] = (await sink.received(1)).map(({ json }) => json.data.findings[0]);
  assert.deepEqual([alert?.rule, alert?.host, alert?.state], ['unexplained-issuance', name, 'open']);

  // Another certificate for the same key: the machine that asked for both has it.
  const served = issueFor(name, { issuer: issueCa('Another CA'), key: issued.key });
  const server = await tlsServer({ certificate: served });
  t.after(() => server.close());
  await scan(service, server.host, server.port);
  assert.deepEqual(await service.after(26), []);
  const [, closed] = (await sink.received(2)).map(({ json }) => json.data.findings[0]);
  assert.deepEqual([closed?.rule, closed?.state], ['unexplained-issuance', 'resolved']);
  const last = (await service.store.findingHistory(found.id)).at(-1);
  assert.equal(last?.resolution, 'explained');
  assert.match(last.evidence[0]?.value ?? '', /^its key is served by 127/);
});
