import type { ScanProgress } from '../scanners/index.js';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { severities } from './model/severity.js';
import type { Ledger } from './findings.js';
import type { RunningScans } from './jobs.js';
import type { OpenStore } from './store/index.js';

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
    const open = ledger.open();
    for (const severity of severities)
      of.set({ severity }, open.filter((finding) => finding.severity === severity).length);
  });
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
  gauge('certglass_store_spooled_bytes', 'Bytes that wait for the database', [], async (of) => {
    of.set((await store.health()).spooledBytes);
  });
  gauge(
    'certglass_ct_log_behind_entries',
    'Entries of a log that are not verified yet',
    ['log'],
    async (of) => {
      of.reset();
      for (const log of await store.ctPositions()) {
        if (log.cursor === 'tail')
          of.set({ log: log.description }, Math.max(0, log.treeSize - log.verifiedIndex));
      }
    },
  );
  return registry;
}
