import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { mailReport, type EmailConfig } from '../alerts/email.js';
import type { Config } from '../config/config.js';
import { channelName } from '../delivery/config.js';
import type { Reporting } from '../model/reporting.js';
import type { Reviews } from '../model/review.js';
import type { ReportSchedule } from '../reports/config.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { Store } from '../store/store.js';
import type { Job } from './schedule.js';

/** What reports are sent with. */
export interface ReportJobParts {
  readonly store: Pick<Store, 'lastScheduleRuns'>;
  readonly reporting: Pick<Reporting, 'report' | 'reports'>;
  readonly reviews: Pick<Reviews, 'due'>;
  readonly pipeline: Pick<Pipeline, 'incident'>;
  now(): Date;
  /** Milliseconds to wait before each further try. */
  readonly waitsMs?: readonly number[];
}

type Every = ReportSchedule['every'];

/** The first day after each period. */
const days: Readonly<Record<Every, string>> = {
  week: '* * 1',
  month: '1 * *',
  quarter: '1 1,4,7,10 *',
  year: '1 1 *',
};

/** More does not go through most mail servers. */
const mostBytes = 15 * 1_048_576;
const retryWaitsMs = [60_000, 300_000, 900_000, 3_600_000];
const types = { html: 'text/html', csv: 'text/csv', json: 'application/json' } as const;

/** One job for each report that is to be sent, and the one that reminds of reviews. */
export function reportJobs(
  { reports, alerts }: Pick<Config, 'reports' | 'alerts'>,
  parts: ReportJobParts,
): Job[] {
  const sending = reports.schedules.map((schedule) => {
    const channel = alerts.channels.find((one) => channelName(one) === schedule.channel);
    if (channel?.type !== 'email') throw new Error(`there is no e-mail channel ${schedule.channel}`);
    return sendJob(schedule, channel, parts);
  });
  return [...sending, reviewJob(reports.reviews, parts)];
}

/** The last whole period before a moment, UTC. */
export function periodBefore(every: Every, now: Date): { readonly from: Date; readonly to: Date } {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const at = (...parts: readonly [number, number, number]): Date => new Date(Date.UTC(...parts));
  if (every === 'week') {
    const monday = day - ((now.getUTCDay() + 6) % 7);
    return { from: at(year, month, monday - 7), to: at(year, month, monday) };
  }
  if (every === 'month') return { from: at(year, month - 1, 1), to: at(year, month, 1) };
  if (every === 'year') return { from: at(year - 1, 0, 1), to: at(year, 0, 1) };
  const quarter = month - (month % 3);
  return { from: at(year, quarter - 3, 1), to: at(year, quarter, 1) };
}

/** A report that was sent for the last whole period is not sent again: the scheduler looks back a month, and a year is longer. */
function sendJob(schedule: ReportSchedule, channel: EmailConfig, parts: ReportJobParts): Job {
  const { report, every, at } = schedule;
  const [hour, minute] = at.split(':').map(Number);
  const mark = createHash('sha256').update(JSON.stringify(schedule)).digest('hex').slice(0, 8);
  const name = `report:${report}:${every}:${mark}`;
  return {
    name,
    title: `report ${report} for each ${every}`,
    cron: `${minute} ${hour} ${days[every]}`,
    timezone: 'Etc/UTC',
    async run(signal) {
      const period = periodBefore(every, parts.now());
      const last = (await parts.store.lastScheduleRuns()).get(name);
      if (last !== undefined && last >= period.to) return last;
      const content = await contentOf(schedule, period, parts.reporting);
      await send(schedule, channel, { ...period, content, name }, parts, signal);
      return parts.now();
    },
  };
}

async function contentOf(
  { report, format, table, domain, owner, environment, tag }: ReportSchedule,
  period: ReturnType<typeof periodBefore>,
  reporting: ReportJobParts['reporting'],
): Promise<string> {
  const request = { ...period, scope: { domain, owner, environment, tag } };
  const pieces = reporting.report(report, request, format, table);
  if (pieces === null)
    throw new Error(
      `reports.schedules: there is no report ${report}; there are ${reporting.reports.map(({ id }) => id).join(', ')}`,
    );
  let content = '';
  for await (const piece of pieces) {
    content += piece;
    if (content.length > mostBytes)
      throw new Error(
        `the report ${report} is larger than 15 MiB, too large for mail: send it as html, or limit it`,
      );
  }
  return content;
}

interface Sent {
  readonly from: Date;
  readonly to: Date;
  readonly content: string;
  readonly name: string;
}

async function send(
  schedule: ReportSchedule,
  channel: EmailConfig,
  { from, to, content, name }: Sent,
  { reporting, now, waitsMs = retryWaitsMs }: ReportJobParts,
  signal: AbortSignal,
): Promise<void> {
  const { report, format } = schedule;
  const title = reporting.reports.find(({ id }) => id === report)?.title ?? report;
  const [first, last] = [from, new Date(to.getTime() - 1)].map((date) => date.toISOString().slice(0, 10));
  const mail = {
    id: createHash('sha256').update(`${name} ${to.toISOString()}`).digest('hex').slice(0, 32),
    to: schedule.to,
    subject: `${title}, ${first} to ${last}`,
    text: `${title} from ${first} to ${last} (UTC) is attached.\n`,
    at: now(),
    attachment: { filename: `${report}-${first}.${format}`, content, contentType: types[format] },
  };
  for (let tries = 0; ; tries += 1) {
    const result = await mailReport(channel, mail, signal);
    if (result.ok || signal.aborted) return;
    const waitMs = waitsMs[tries];
    if (result.permanent || waitMs === undefined)
      throw new Error(`the report ${report} could not be sent: ${result.detail}`);
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Reports each review that is asked for and overdue, and resolves it for every other. */
function reviewJob(asked: Config['reports']['reviews'], { reviews, pipeline, now }: ReportJobParts): Job {
  const name = 'reviews:due';
  return {
    name,
    title: 'check for overdue reviews',
    cron: '41 * * * *',
    timezone: 'Etc/UTC',
    async run() {
      for (const { kind, title, everyDays, lastClosedAt, dueAt, open } of await reviews.due()) {
        const active = asked.includes(kind) && (dueAt === null || dueAt < now());
        const details = { review: kind, title, everyDays, lastClosedAt, dueAt, open };
        await pipeline.incident({
          rule: 'review-overdue',
          subject: { kind: 'self', key: `review ${kind}` },
          active,
          details,
        });
      }
    },
  };
}
