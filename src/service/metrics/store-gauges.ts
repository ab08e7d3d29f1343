import { deliveryCounts, endpointExpiries } from '../../model/queries/exposition.js';
import type { CtPosition } from '../../model/ct-entry.js';
import { targetOfKey } from '../../model/target.js';
import type { OpenStore } from '../../store/index.js';
import { rememberedFor, type AddGauge } from './add-gauge.js';

const rememberMs = 30_000;

/** Gauges of what is stored. Label values are bounded: logs, channels, jobs, and at most `endpoints` endpoints. */
export function addStoreGauges(gauge: AddGauge, store: OpenStore, endpoints: number): void {
  gauge('certglass_store_up', 'Whether the database answers', [], async (of) => {
    of.set((await store.health()).ok ? 1 : 0);
  });
  gauge('certglass_store_blocked', 'Whether intake stands still', [], async (of) => {
    of.set((await store.health()).blocked ? 1 : 0);
  });
  gauge('certglass_store_spooled_bytes', 'Bytes that wait for the database', [], async (of) => {
    of.set((await store.health()).spooledBytes);
  });
  addLogGauges(gauge, store);
  addEndpointGauges(gauge, store, endpoints);
  const counts = rememberedFor(rememberMs, () => store.ask(deliveryCounts, {}));
  gauge('certglass_deliveries', 'Alerts by channel and state', ['channel', 'state'], async (of) => {
    for (const { channel, state, deliveries } of await counts()) of.set({ channel, state }, deliveries);
  });
  gauge(
    'certglass_job_last_success_timestamp_seconds',
    'Start of the last run of a job that succeeded',
    ['job'],
    async (of) => {
      for (const [job, at] of await store.lastScheduleRuns()) of.set({ job }, at.getTime() / 1_000);
    },
  );
}

/** How far logs are read. */
function addLogGauges(gauge: AddGauge, store: OpenStore): void {
  const positions = rememberedFor(1_000, () => store.ctPositions());
  const add = (name: string, help: string, valueOf: (log: CtPosition) => number): void =>
    gauge(`certglass_ct_log_${name}`, help, ['log'], async (of) => {
      for (const log of await positions())
        if (log.cursor === 'tail') of.set({ log: log.description }, valueOf(log));
    });
  add('behind_entries', 'Entries of a log that are not verified yet', ({ treeSize, verifiedIndex }) =>
    Math.max(0, treeSize - verifiedIndex),
  );
  add('lag_seconds', 'Seconds since a log was last read to its end', ({ lagSeconds }) => lagSeconds);
  add('entries_per_second', 'Entries read of a log per second', ({ entriesPerSecond }) => entriesPerSecond);
  add('failing', '1 while the last request to a log failed', ({ lastError }) => (lastError === null ? 0 : 1));
  add(
    'blocked_seconds',
    "Seconds for which a log's host is not asked",
    ({ budget }) => budget?.blockedSeconds ?? 0,
  );
}

/** When each endpoint's certificate expires, for as many endpoints as a scrape may bring. */
function addEndpointGauges(gauge: AddGauge, store: OpenStore, most: number): void {
  if (most === 0) return;
  const expiries = rememberedFor(rememberMs, () => store.ask(endpointExpiries, { limit: most + 1 }));
  gauge(
    'certglass_endpoint_cert_expiry_timestamp_seconds',
    'When the certificate that an endpoint served last expires',
    ['host', 'address', 'port', 'server_name'],
    async (of) => {
      for (const { endpoint, notAfter } of (await expiries()).slice(0, most)) {
        const { host, address, port, serverName } = targetOfKey(endpoint);
        of.set(
          { host, address: address ?? '', port, server_name: serverName ?? '' },
          notAfter.getTime() / 1_000,
        );
      }
    },
  );
  gauge(
    'certglass_endpoints_left_out',
    '1 when there are more endpoints than metrics show',
    [],
    async (of) => {
      of.set((await expiries()).length > most ? 1 : 0);
    },
  );
}
