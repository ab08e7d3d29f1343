import type { Message, WellState } from '../alerts/channel.js';
import type { Alerts } from '../delivery/alerts.js';
import { hash } from '../delivery/compose.js';
import type { AlertsConfig } from '../delivery/config.js';
import type { Ledger } from '../judging/finding-ledger.js';
import { severities, type Severity } from '../model/severity.js';
import type { OpenStore } from '../store/index.js';
import type { Job } from './schedule.js';

/** What heartbeats and summaries are made from. */
export interface WellParts {
  readonly store: {
    readonly reader: Pick<OpenStore['reader'], 'overviewFigures'>;
  } & Pick<OpenStore, 'health' | 'ctPositions'>;
  readonly ledger: Pick<Ledger, 'open'>;
  readonly alerts: Pick<Alerts, 'send' | 'outbox' | 'flush'>;
  readonly version: string;
  now(): Date;
}

/** The jobs by which Certglass says that it runs, as far as they are configured: the heartbeat and the summary. */
export function wellJobs({ heartbeat, allIsWell, consoleUrl }: AlertsConfig, parts: WellParts): Job[] {
  return [
    ...(heartbeat === null ? [] : [heartbeatJob(heartbeat, consoleUrl, parts)]),
    ...(allIsWell === null ? [] : [summaryJob(allIsWell, consoleUrl, parts)]),
  ];
}

/**
 * Sent at once or not at all: a heartbeat from a queue would say too late that all was well. One that fails is tried again a minute
 * later, and none is sent while the store is not healthy, so that the receiver raises the alarm.
 */
function heartbeatJob(
  { channels, everyMinutes }: NonNullable<AlertsConfig['heartbeat']>,
  link: string | null,
  parts: WellParts,
): Job {
  const sentAt = new Map<string, number>();
  const isDue = (channel: string): boolean =>
    parts.now().getTime() - (sentAt.get(channel) ?? -Infinity) >= everyMinutes * minuteMs - slackMs;
  return {
    name: 'alerts:heartbeat',
    title: 'heartbeat',
    cron: '* * * * *',
    timezone: 'Etc/UTC',
    async run(signal) {
      const due = channels.filter(isDue);
      if (due.length === 0 || !(await isHealthy(parts.store))) return;
      const well = await wellState(parts);
      const failures: string[] = [];
      for (const channel of due) {
        const at = parts.now();
        const result = await parts.alerts.send(
          channel,
          wellMessage('heartbeat', channel, at, well, link),
          signal,
        );
        if (result?.ok === true) sentAt.set(channel, at.getTime());
        else failures.push(`${channel}: ${result?.detail ?? 'there is no such channel'}`);
      }
      if (failures.length > 0) throw new Error(failures.join('; '));
    },
  };
}

/** Goes through the outbox like any other message: it is stored, and tried until it arrives. */
function summaryJob(
  { channels, every, at, timezone }: NonNullable<AlertsConfig['allIsWell']>,
  link: string | null,
  parts: WellParts,
): Job {
  const [hour, minute] = at.split(':').map(Number);
  return {
    name: 'alerts:all-is-well',
    title: 'summary that all is well',
    cron: `${minute} ${hour} * * ${every === 'week' ? '1' : '*'}`,
    timezone,
    async run() {
      const { ok, detail } = await parts.store.health();
      if (!ok) throw new Error(`the store is not healthy: ${detail}`);
      const well = await wellState(parts);
      for (const channel of channels)
        await parts.alerts.outbox(channel)?.post(wellMessage('well', channel, parts.now(), well, link));
      parts.alerts.flush();
    },
  };
}

async function isHealthy(store: WellParts['store']): Promise<boolean> {
  const { ok, blocked } = await store.health();
  return ok && !blocked;
}

async function wellState({ store, ledger, version, now }: WellParts): Promise<WellState> {
  const [{ endpoints, certificatesValid }, positions] = await Promise.all([
    store.reader.overviewFigures(now()),
    store.ctPositions(),
  ]);
  const lags = positions.flatMap(({ cursor, lagSeconds }) => (cursor === 'tail' ? [lagSeconds] : []));
  const open = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  for (const { severity } of ledger.open) open[severity] += 1;
  return {
    version,
    endpoints,
    certificates: certificatesValid,
    logs: lags.length,
    lagSeconds: lags.length === 0 ? null : Math.round(Math.max(...lags)),
    open,
  };
}

function wellMessage(
  kind: 'heartbeat' | 'well',
  channel: string,
  now: Date,
  well: WellState,
  link: string | null,
): Message {
  const createdAt = now.toISOString();
  return {
    id: hash([kind, channel, createdAt]).slice(0, 32),
    kind,
    createdAt,
    alerts: [],
    total: 0,
    resolved: 0,
    open: [],
    omittedByRule: [],
    link,
    thread: hash([kind, channel]).slice(0, 32),
    replyTo: [],
    action: 'trigger',
    well,
  };
}

const minuteMs = 60_000;
/** The clock that starts a job is not exact to the millisecond. */
const slackMs = 5_000;
