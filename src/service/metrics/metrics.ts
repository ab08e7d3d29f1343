import { collectDefaultMetrics, Registry } from 'prom-client';
import { severities } from '../../model/severity.js';
import type { Ledger } from '../../judging/finding-ledger.js';
import type { RunningScans } from '../jobs.js';
import type { OpenStore } from '../../store/index.js';
import { gaugesOf } from './add-gauge.js';
import { addScanGauges } from './scan-gauges.js';
import { addStoreGauges } from './store-gauges.js';

/** What metrics are made from. */
export interface MetricsParts {
  readonly store: OpenStore;
  readonly ledger: Ledger;
  readonly running: RunningScans;
  readonly version: string;
  /** Endpoints that get a time series of their own, at most. */
  readonly endpoints: number;
}

/** Figures of the running service, read when they are asked for. */
export function createMetrics({ store, ledger, running, version, endpoints }: MetricsParts): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges whose names say that they are counters, which Prometheus' own check refuses.
  for (const kind of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  const gauge = gaugesOf(registry);
  gauge('certglass_build_info', 'Version of Certglass and of Node.js', ['version', 'node'], (of) => {
    of.set({ version, node: process.versions.node }, 1);
  });
  gauge('certglass_findings_open', 'Findings not resolved, by severity', ['severity'], (of) => {
    const open = [...ledger.open];
    for (const severity of severities)
      of.set({ severity }, open.filter((finding) => finding.severity === severity).length);
  });
  gauge(
    'certglass_findings',
    'Findings not resolved, by state, severity, owner and environment',
    ['state', 'severity', 'owner', 'environment'],
    (of) => {
      for (const { state, severity, owner, environment } of ledger.open)
        of.inc({ state, severity, owner: owner ?? '', environment: environment ?? '' });
    },
  );
  addScanGauges(gauge, running);
  addStoreGauges(gauge, store, endpoints);
  return registry;
}
