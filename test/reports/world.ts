import type { ReportInput, Row, ReportTable } from '../../src/reports/report.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import {
  certificate,
  collect,
  ctEntry,
  delivery,
  embeddedConfig,
  finding,
  log,
  minutes,
  noon,
  observation,
  position,
  temporaryFolder,
} from '../store/sample.js';

/** The period of these tests: ten days around noon of 23 November 2026. */
export const from = new Date('2026-11-20T00:00:00Z');
/** See {@link from}. */
export const to = new Date('2026-11-30T00:00:00Z');

const days = (count: number): Date => new Date(noon.getTime() + count * 86_400_000);

/**
 * A store with a known past: shop renewed from `shop-old` to `shop-new` (two days before expiry, 36 hours after issuance), `stray` logged
 * and never served, `gone` expired before the period, one finding fixed after 3 hours, one accepted, one still open, one from before.
 */
export async function openWorld(): Promise<OpenStore> {
  const store = await openStore(embeddedConfig(temporaryFolder()), log);
  const shop = { names: ['shop.example.com'], dnsNames: ['shop.example.com'] };
  const old = certificate('shop-old', { ...shop, notBefore: days(-88), notAfter: days(2) });
  const renewed = certificate('shop-new', {
    ...shop,
    notBefore: days(-1.5),
    notAfter: days(88),
    issuer: 'CN=New CA',
  });
  const rsa = certificate('api', {
    names: ['api.example.com'],
    notAfter: days(20),
    key: { type: 'RSA', bits: 2048, curve: null },
    spkiSha256: renewed.spkiSha256,
  });
  const gone = certificate('gone', {
    names: ['gone.example.com'],
    notBefore: days(-400),
    notAfter: days(-5),
  });
  const served = (host: string, leaf: typeof old, observedAt: Date) =>
    observation(host, { observedAt, certificate: leaf, chain: [leaf] });
  await store.writeObservations([
    served('shop.example.com', old, days(-1)),
    served('shop.example.com', renewed, noon),
    served('api.example.com', rsa, noon),
    served('gone.example.com', gone, days(-6)),
  ]);
  await store.writeObservations([
    observation('down.example.com', { outcome: 'refused', certificate: null, chain: [], tls: null }),
  ]);
  await store.writeCtEntries([
    ctEntry('stray', 1, { certificate: certificate('stray', { names: ['stray.example.com'] }) }),
    ctEntry('old entry', 2, { timestamp: days(-60), certificate: gone }),
  ]);
  await store.writeCtPosition(position());
  const fixed = finding('fixed', { openedAt: noon, owner: 'web', environment: 'production', tags: ['pci'] });
  await store.writeFindings([fixed]);
  await store.writeFindings([
    {
      ...fixed,
      state: 'acknowledged',
      change: 'acknowledged',
      revision: 2,
      lastSeenAt: minutes(60),
      changedBy: 'rita',
    },
  ]);
  await store.writeFindings([
    {
      ...fixed,
      state: 'resolved',
      change: 'resolved',
      resolution: 'fixed',
      revision: 3,
      lastSeenAt: minutes(180),
      resolvedAt: minutes(180),
    },
  ]);
  const accepted = finding('accepted', { rule: 'weak-key', severity: 'warning' });
  await store.writeFindings([accepted]);
  await store.writeFindings([
    {
      ...accepted,
      state: 'accepted',
      change: 'accepted',
      revision: 2,
      lastSeenAt: minutes(10),
      changedBy: 'ada',
      note: '=2+2',
      until: days(30),
    },
  ]);
  await store.writeFindings([finding('open', { rule: 'shadow', severity: 'critical' })]);
  const before = finding('before', { openedAt: days(-30), lastSeenAt: days(-30) });
  await store.writeFindings([before]);
  const ended = { resolution: 'fixed', lastSeenAt: days(-20), resolvedAt: days(-20) } as const;
  await store.writeFindings([{ ...before, ...ended, state: 'resolved', change: 'resolved', revision: 2 }]);
  await store.writeDeliveries([
    delivery('email', 'fixed', { state: 'sent', sentAt: minutes(1) }),
    delivery('email', 'before', { createdAt: days(-30) }),
  ]);
  await store.writeAudit([
    { at: noon, actor: 'rita', action: 'finding.acknowledge', subject: fixed.id, details: { note: 'seen' } },
  ]);
  await store.writeScanRun({
    id: 'scan-1',
    name: 'web',
    startedAt: noon,
    finishedAt: minutes(5),
    targets: 4,
    outcomes: { ok: 3, refused: 1 },
    resume: null,
  });
  return store;
}

/** What a report of the whole period is made from. */
export function inputOf(store: OpenStore, change: Partial<ReportInput> = {}): ReportInput {
  return {
    from,
    to,
    scope: { domain: null, owner: null, environment: null, tag: null },
    streamRows: store.streamRows,
    ownership: (names) => ({
      owner: names[0]?.startsWith('shop') === true ? 'shop team' : null,
      environment: null,
      tags: [],
    }),
    ...change,
  };
}

/** Rows of one of these tables. */
export async function rowsOf(tables: readonly ReportTable[], id: string): Promise<readonly Row[]> {
  const table = tables.find((one) => one.id === id);
  if (table === undefined) throw new Error(`there is no table ${id}`);
  return collect(table.rows());
}
