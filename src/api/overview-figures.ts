import type { ServedShare } from '../store/console-reader.js';
import type { CtLogRow } from '../store/reader.js';
import { severities, type Severity } from '../model/severity.js';
import type { ApiParts } from './routes.js';

/** How long figures are good enough. */
const keptMs = 5_000;

/** Collects the overview; who asks while it is being collected, or shortly after, gets the same. */
export function createOverview(parts: ApiParts): () => ReturnType<typeof collect> {
  let last: { readonly atMs: number; readonly figures: ReturnType<typeof collect> } | null = null;
  return () => {
    const nowMs = parts.now().getTime();
    if (last !== null && Math.abs(nowMs - last.atMs) < keptMs) return last.figures;
    const figures = collect(parts);
    const current = { atMs: nowMs, figures };
    last = current;
    figures.catch(() => {
      if (last === current) last = null;
    });
    return figures;
  };
}

async function collect({ reader, now }: ApiParts) {
  const at = now();
  const open = { states: ['open'] as const };
  const [
    figures,
    causes,
    counts,
    logs,
    runs,
    scans,
    failed,
    pending,
    byIssuer,
    byOwner,
    byEnvironment,
    owners,
  ] = await Promise.all([
    reader.overviewFigures(at),
    reader.findingGroups(open, 'cause', { limit: 6, cursor: null }),
    reader.findingCounts(),
    reader.listCtLogs(),
    reader.listInventoryRuns(),
    reader.listScans({ limit: 20, cursor: null }),
    reader.countDeliveries({ state: 'failed' }),
    reader.countDeliveries({ state: 'pending' }),
    reader.servedByIssuer(),
    reader.servedByOwner(),
    reader.servedByEnvironment(),
    reader.openByOwner(),
  ]);
  const tails = logs.filter(({ cursor }) => cursor === 'tail');
  return {
    at,
    findings: { ...findingFigures(counts), causes: causes.total ?? 0 },
    causes: causes.items,
    figures: {
      ...figures,
      ctLogs: tails.length,
      ctLogsCurrent: tails.filter(({ behind }) => behind === 0).length,
    },
    logs: slowest(tails),
    inventory: {
      sources: runs.length,
      failing: runs.filter(({ complete }) => !complete).map(({ source }) => source),
    },
    scans: {
      running: scans.items.filter(({ finishedAt }) => finishedAt === null).length,
      lastFinishedAt: scans.items.find(({ finishedAt }) => finishedAt !== null)?.finishedAt ?? null,
    },
    deliveries: { failed: failed.total ?? 0, pending: pending.total ?? 0 },
    byIssuer,
    byOwner: withFindings(byOwner, owners),
    byEnvironment,
  };
}

function findingFigures(counts: readonly { severity: Severity; state: string; count: number }[]) {
  const open = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  const states: Record<string, number> = {};
  for (const { severity, state, count } of counts) {
    states[state] = (states[state] ?? 0) + count;
    if (state === 'open') open[severity] += count;
  }
  return { open, states };
}

function slowest(logs: readonly CtLogRow[]) {
  return logs
    .toSorted((a, b) => b.lagSeconds - a.lagSeconds || b.behind - a.behind)
    .slice(0, 5)
    .map(({ logId, description, behind, lagSeconds }) => ({ logId, log: description, behind, lagSeconds }));
}

/** Owners with what they serve and what is open: who serves nothing and has findings is among them. */
function withFindings(
  served: readonly ServedShare[],
  open: readonly { readonly owner: string; readonly count: number; readonly severity: Severity }[],
) {
  const byOwner = new Map(open.map((row) => [row.owner, row]));
  const keys = new Set([...served.map(({ key }) => key), ...open.map(({ owner }) => owner)]);
  const servedBy = new Map(served.map((row) => [row.key, row.served]));
  return [...keys].slice(0, 50).map((key) => ({
    key,
    served: servedBy.get(key) ?? 0,
    open: byOwner.get(key)?.count ?? 0,
    worst: byOwner.get(key)?.severity ?? null,
  }));
}
