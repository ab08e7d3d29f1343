import type { OpenStore } from '../../src/store/index.js';
import { certificate, collect, finding } from './sample.js';

/** What a store holds, as its lists show it: equal for two stores that hold the same. */
export async function summaryOf(store: OpenStore): Promise<unknown> {
  const { reader } = store;
  const page = { limit: 1_000, cursor: null };
  return {
    endpoints: await collect(store.endpoints()),
    observations: (await reader.listObservations({}, page)).items,
    certificates: (await reader.listCertificates({}, page)).items,
    names: (await reader.listNames({}, page)).items,
    findings: (await reader.listFindings({}, page)).items,
    history: await store.findingHistory(finding('resolved').id),
    detail: await reader.certificateDetail(certificate('a.example.com').sha256),
    logs: await reader.listCtLogs(),
    deliveries: (await reader.listDeliveries({}, page)).items,
    inventory: (await reader.listInventory({}, page)).items,
    scans: (await reader.listScans(page)).items,
    timeline: await reader.expiryTimeline(new Date('2026-01-01'), new Date('2028-01-01')),
    issuers: await reader.issuerBreakdown(new Date('2026-11-24')),
    keys: await reader.keyReuse(),
    hours: await reader.observationsPerHour(new Date('2026-11-23'), new Date('2026-11-25')),
    counts: await reader.findingCounts(),
    certificateHosts: (await reader.listCertificates({ host: 'a.example.com' }, page)).items,
    found: (await reader.listNames({ hostContains: 'ample' }, page)).items,
  };
}
