import type { ScanProgress } from '../../model/scan-run.js';
import type { RunningScans } from '../jobs.js';
import type { AddGauge } from './add-gauge.js';

/** How far the running scans are. */
export function addScanGauges(gauge: AddGauge, running: RunningScans): void {
  const add = (name: string, help: string, value: (progress: ScanProgress) => number | null): void =>
    gauge(`certglass_scan_${name}`, help, ['scan'], (of) => {
      for (const { name: scan, progress } of running.values()) {
        const figure = value(progress);
        if (figure !== null) of.set({ scan }, figure);
      }
    });
  add('done', 'Endpoints probed so far by the scans that are running', ({ done }) => done);
  add('targets', 'Endpoints that the running scans have to probe, where known', ({ total }) => total);
  add('rate', 'Endpoints probed per second', ({ rate }) => rate);
  add('left_seconds', 'Seconds left at this rate, where known', ({ secondsLeft }) => secondsLeft);
  gauge('certglass_scan_outcomes', 'Endpoints probed, by outcome', ['scan', 'outcome'], (of) => {
    for (const { name: scan, progress } of running.values())
      for (const [outcome, count] of Object.entries(progress.outcomes)) of.set({ scan, outcome }, count);
  });
}
