import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import type { Channel } from '../src/alerts/channel.js';
import { startAlerts, type Alerts } from '../src/delivery/alerts.js';
import { alertsConfig, openChannels, type OpenChannel } from '../src/delivery/config.js';
import type { Finding } from '../src/model/finding.js';
import { alertWords, routingOf } from '../src/service/alert-words.js';
import { openStore, type OpenStore } from '../src/store/index.js';
import { storeConfig } from '../src/store/config.js';
import { finding } from '../test/store/sample.js';
import { startHttpRecorder, type HttpRecorder } from '../test/support/http-recorder.js';
import type { Report } from './report.js';

const log = pino({ level: 'error' });

/** What the five channels got. */
interface Received {
  messages: number;
  findings: number;
  /** When a critical finding came, `performance.now()`. */
  criticalAt: number | null;
}

interface World {
  readonly store: OpenStore;
  readonly alerts: Alerts;
  readonly received: ReadonlyMap<string, Received>;
  /** Processor time of this process and of the engine, seconds. */
  cpuSeconds(): number;
}

/** Alerts through the outbox to five receivers on loopback: how fast, and what a storm becomes. */
export async function bench(report: Report, parts: readonly string[]): Promise<void> {
  if (parts.length === 0 || parts.includes('rate')) await withWorld(1, (world) => rate(report, world));
  if (parts.length === 0 || parts.includes('storm')) await withWorld(20, (world) => storm(report, world));
}

/** 10,000 findings, as fast as they are written. */
async function rate(report: Report, world: World): Promise<void> {
  const count = 10_000;
  const startedAt = performance.now();
  const cpu = world.cpuSeconds();
  for (let from = 0; from < count; from += 200) await write(world, from, from + 200, 'error');
  await until(() => [...world.received.values()].every(({ findings }) => findings === count), 300_000);
  const minutes = (performance.now() - startedAt) / 60_000;
  report.result('alerts a minute, each to five channels', count / minutes, 'alerts', {
    name: 'goal',
    value: 10_000,
  });
  report.result('processor time for 10,000 alerts to five channels', world.cpuSeconds() - cpu, 's');
}

/** 50,000 certificates that expire on one day, and one critical finding among them. */
async function storm(report: Report, world: World): Promise<void> {
  const count = 50_000;
  const cpu = world.cpuSeconds();
  let openedAt = 0;
  for (let from = 0; from < count; from += 2_500) {
    await write(world, from, from + 2_500, 'warning');
    if (from !== 25_000) continue;
    openedAt = performance.now();
    await world.store.writeFindings([opened('exact.example.com', 'critical')]);
    world.alerts.flush();
  }
  const all = [...world.received.values()];
  await until(() => all.every(({ findings }) => findings === count + 1), 300_000);
  const people = [...world.received].filter(([name]) => name !== 'json-lines').map(([, one]) => one);
  const slowest = Math.max(...all.map(({ criticalAt }) => ((criticalAt ?? Infinity) - openedAt) / 1000));
  report.result(
    'storm of 50,000: most messages of a channel',
    Math.max(...people.map(({ messages }) => messages)),
    'messages',
    { name: 'limit', value: 10 },
  );
  report.result('storm of 50,000: critical finding at the last channel after', slowest, 's', {
    name: 'limit',
    value: 60,
  });
  report.result(
    'storm of 50,000: findings that were dropped',
    Math.max(...all.map(({ findings }) => count + 1 - findings)),
    'findings',
  );
  report.result('storm of 50,000: processor time', world.cpuSeconds() - cpu, 's');
}

function opened(host: string, severity: Finding['severity']): Finding {
  const now = new Date();
  return finding(host, { rule: 'expiring', severity, openedAt: now, lastSeenAt: now });
}

async function write(
  { store, alerts }: World,
  from: number,
  to: number,
  severity: Finding['severity'],
): Promise<void> {
  await store.writeFindings(
    Array.from({ length: to - from }, (_, n) => opened(`h${from + n}.example.com`, severity)),
  );
  alerts.flush();
}

async function until(isDone: () => boolean, limitMs: number): Promise<void> {
  for (const end = performance.now() + limitMs; !isDone(); await delay(20))
    if (performance.now() > end) throw new Error(`not all was delivered within ${limitMs / 1000} s`);
}

async function withWorld(groupIntervalSeconds: number, work: (world: World) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'certglass-bench-'));
  const recorder = await startHttpRecorder();
  const store = await openStore(storeConfig.parse({ dataDir }), log);
  const stop = new AbortController();
  const received = new Map<string, Received>();
  const channels = channelsTo(recorder, dataDir, groupIntervalSeconds).map((one) => counted(one, received));
  const alerts = startAlerts({
    store,
    channels,
    routing: routingOf({ routes: [] }),
    words: alertWords({ consoleUrl: null }, { owners: [] }),
    evaluator: { incident: async () => [] },
    signal: stop.signal,
    log,
  });
  try {
    await work({ store, alerts, received, cpuSeconds: () => ownSeconds() + engineSeconds(dataDir) });
  } finally {
    stop.abort();
    await alerts.stop();
    await store.close();
    await recorder.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function channelsTo(
  { url }: HttpRecorder,
  dataDir: string,
  groupIntervalSeconds: number,
): readonly OpenChannel[] {
  const to = { allowPrivate: true, groupIntervalSeconds };
  const config = alertsConfig.parse({
    channels: [
      { type: 'webhook', url, secrets: [`whsec_${Buffer.alloc(32, 1).toString('base64')}`], ...to },
      { type: 'slack', url, ...to },
      { type: 'teams', url, ...to },
      { type: 'mattermost', url, ...to },
      { type: 'json-lines', path: join(dataDir, 'events.jsonl'), groupIntervalSeconds },
    ],
  });
  return openChannels(config, log);
}

function counted(open: OpenChannel, received: Map<string, Received>): OpenChannel {
  const got: Received = { messages: 0, findings: 0, criticalAt: null };
  received.set(open.name, got);
  const channel: Channel = {
    async send(message, signal) {
      const result = await open.channel.send(message, signal);
      if (!result.ok) return result;
      got.messages += 1;
      got.findings += message.total;
      if (message.open.some(({ severity }) => severity === 'critical')) got.criticalAt ??= performance.now();
      return result;
    },
    close: () => open.channel.close(),
  };
  return { ...open, channel };
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function engineSeconds(dataDir: string): number {
  const pid = Number(/PID: (\d+)/.exec(readFileSync(join(dataDir, 'engine', 'status'), 'utf8'))?.[1]);
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
