import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { startAlerts, type Alerts } from '../../src/delivery/alerts.js';
import { alertsConfig, openChannels } from '../../src/delivery/config.js';
import type { Job } from '../../src/service/schedule.js';
import { wellJobs } from '../../src/service/well-jobs.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { finding as openFinding, quiet, words } from '../alerts/samples.js';
import { openRouting } from '../delivery/samples.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';
import { startWebhookSink, webhookSecret, type WebhookSink } from '../support/webhook-sink.js';

describe('that Certglass is running', () => {
  let sink: WebhookSink;
  let store: OpenStore;
  let alerts: Alerts;
  let clock: number;
  let isOk: boolean;
  const stop = new AbortController();

  const configOf = (change: object) => {
    const receiver = { type: 'webhook', url: sink.url, secrets: [webhookSecret], allowPrivate: true };
    const channels = [receiver, { ...receiver, name: 'second' }];
    return alertsConfig.parse({ consoleUrl: 'https://certglass.example.com', channels, ...change });
  };

  /** The only job of this configuration. */
  function jobOf(change: object): Job {
    const config = configOf(change);
    const channels = openChannels(config, quiet);
    const evaluator = { incident: async () => [] };
    alerts = startAlerts({
      store,
      channels,
      routing: openRouting,
      words,
      evaluator,
      signal: stop.signal,
      log,
    });
    const health = async () => ({ ok: isOk, detail: 'it is away', spooledBytes: 0, blocked: false });
    const [job, ...others] = wellJobs(config, {
      store: { reader: store.reader, ctPositions: () => store.ctPositions(), health },
      ledger: { open: new Set([openFinding()]) as never },
      alerts,
      version: '1.2.3',
      now: () => new Date(clock),
    });
    assert.equal(others.length, 0);
    return job!;
  }

  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());
  beforeEach(async () => {
    sink = await startWebhookSink();
    clock = Date.parse('2026-11-23T12:00:00Z');
    isOk = true;
  });
  afterEach(async () => {
    await alerts.stop();
    await sink.close();
  });

  const run = (job: Job) => job.run(stop.signal);
  const kinds = () => sink.requests.map(({ json }) => json.type);

  it('is said by a heartbeat as often as configured', async () => {
    const job = jobOf({ heartbeat: { channels: ['webhook'], everyMinutes: 2 } });
    assert.equal(job.cron, '* * * * *');
    await run(job);
    clock += 60_000;
    await run(job);
    assert.deepEqual(kinds(), ['certglass.heartbeat']);
    clock += 60_000;
    await run(job);
    assert.deepEqual(kinds(), ['certglass.heartbeat', 'certglass.heartbeat']);
    assert.notEqual(sink.requests[0]?.id, sink.requests[1]?.id);
    assert.match(sink.requests[0]?.body ?? '', /"headline":"Certglass is running".*"version":"1\.2\.3"/);
  });

  it('is not said while the store is away, and is said as soon as it is back', async () => {
    const job = jobOf({ heartbeat: { channels: ['webhook'], everyMinutes: 60 } });
    isOk = false;
    await run(job);
    assert.deepEqual(kinds(), []);
    isOk = true;
    clock += 60_000;
    await run(job);
    assert.deepEqual(kinds(), ['certglass.heartbeat']);
  });

  it('fails with the answer of the receiver, and is tried again there a minute later', async () => {
    const job = jobOf({ heartbeat: { channels: ['webhook', 'webhook:second'] } });
    sink.answers = [{ status: 503 }];
    await assert.rejects(run(job), { message: 'webhook: status 503' });
    assert.equal(sink.requests.length, 2);
    clock += 60_000;
    await run(job);
    assert.equal(sink.requests.length, 3);
  });

  it('is summed up through the outbox, which tries again and remembers it', async () => {
    const job = jobOf({ allIsWell: { channels: ['webhook'], at: '07:05', timezone: 'Europe/Berlin' } });
    assert.deepEqual([job.cron, job.timezone], ['5 7 * * 1', 'Europe/Berlin']);
    await run(job);
    const [request] = await sink.received(1);
    assert.equal(request?.json.type, 'certglass.well');
    assert.match(request?.body ?? '', /"headline":"Certglass is running, 1 critical and 0 error open"/);
    const { items } = await store.reader.listDeliveries({}, { limit: 9, cursor: null });
    assert.deepEqual(
      items.map(({ id, channel }) => [id, channel]),
      [[request?.id, 'webhook']],
    );
  });

  it('is summed up every day where that is asked for, and not while the store is away', async () => {
    const job = jobOf({ allIsWell: { channels: ['webhook'], every: 'day' } });
    assert.equal(job.cron, '0 8 * * *');
    isOk = false;
    await assert.rejects(Promise.resolve(run(job)), { message: 'the store is not healthy: it is away' });
    assert.equal(sink.requests.length, 0);
  });

  it('is not said when nobody asked', () => {
    alerts = startAlerts({
      store,
      channels: [],
      routing: openRouting,
      words,
      evaluator: { incident: async () => [] },
      signal: stop.signal,
      log,
    });
    const none = wellJobs(configOf({}), {
      store,
      ledger: { open: new Set() as never },
      alerts,
      version: '1.2.3',
      now: () => new Date(clock),
    });
    assert.deepEqual(none, []);
  });
});
