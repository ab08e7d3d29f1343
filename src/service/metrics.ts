import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CtPosition } from '../model/ct-entry.js';
import type { ScanProgress } from '../model/scan-run.js';
import { severities } from '../model/severity.js';
import type { Ledger } from '../judging/finding-ledger.js';
import type { RunningScans } from './jobs.js';
import type { OpenStore } from '../store/index.js';

/** Figures of the running service, read when they are asked for. Labels are few and known: never host names. */
export function createMetrics(store: OpenStore, ledger: Ledger, running: RunningScans): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    collect: (gauge: Gauge) => void | Promise<void>,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        return collect(this);
      },
    });
  };
  gauge('certglass_findings_open', 'Findings not resolved, by severity', ['severity'], (of) => {
    const open = [...ledger.open];
    for (const severity of severities)
      of.set({ severity }, open.filter((finding) => finding.severity === severity).length);
  });
  scanGauges(gauge, running);
  gauge('certglass_store_spooled_bytes', 'Bytes that wait for the database', [], async (of) => {
    of.set((await store.health()).spooledBytes);
  });
  /** One query for all gauges of a scrape. */
  let asked: Promise<readonly CtPosition[]> | null = null;
  const positions = (): Promise<readonly CtPosition[]> =>
    (asked ??= store.ctPositions().finally(() => (asked = null)));
  const ofLogs: readonly (readonly [string, string, (log: CtPosition) => number])[] = [
    ['behind_entries', 'Entries of a log that are not verified yet', entriesBehind],
    ['lag_seconds', 'Since a log was read to its end for the last time', (log) => log.lagSeconds],
    ['entries_per_second', 'Entries read of a log', (log) => log.entriesPerSecond],
    ['failing', '1 while the last look at a log failed', (log) => (log.lastError === null ? 0 : 1)],
    ['blocked_seconds', "Left for which a log's host is not asked", (log) => log.budget?.blockedSeconds ?? 0],
  ];
  for (const [name, help, valueOf] of ofLogs)
    gauge(`certglass_ct_log_${name}`, help, ['log'], async (of) => {
      const logs = await positions();
      of.reset();
      for (const log of logs) if (log.cursor === 'tail') of.set({ log: log.description }, valueOf(log));
    });
  return registry;
}

function entriesBehind({ treeSize, verifiedIndex }: CtPosition): number {
  return Math.max(0, treeSize - verifiedIndex);
}

type AddGauge = (
  name: string,
  help: string,
  labelNames: string[],
  collect: (gauge: Gauge) => void | Promise<void>,
) => void;

/** How far the running scans are. */
function scanGauges(gauge: AddGauge, running: RunningScans): void {
  const scanGauge = (name: string, help: string, value: (progress: ScanProgress) => number | null): void =>
    gauge(`certglass_scan_${name}`, help, ['scan'], (of) => {
      of.reset();
      for (const { name: scan, progress } of running.values()) {
        const figure = value(progress);
        if (figure !== null) of.set({ scan }, figure);
      }
    });
  scanGauge('done', 'Endpoints looked at by the scans that are running', ({ done }) => done);
  scanGauge('total', 'Endpoints they have to look at, where known', ({ total }) => total);
  scanGauge('rate', 'Endpoints per second', ({ rate }) => rate);
  scanGauge('seconds_left', 'Seconds left at this rate, where known', ({ secondsLeft }) => secondsLeft);
  gauge('certglass_scan_outcomes', 'Endpoints looked at, by outcome', ['scan', 'outcome'], (of) => {
    of.reset();
    for (const { name: scan, progress } of running.values())
      for (const [outcome, count] of Object.entries(progress.outcomes)) of.set({ scan, outcome }, count);
  });
}
