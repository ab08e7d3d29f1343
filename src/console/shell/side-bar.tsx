import { useLive } from '../api/live.js';
import { useApi } from '../api/use-api.js';
import type { Overview } from '../api/types.js';
import { useNow } from '../lib/browser.js';
import { plural, relative } from '../lib/format.js';
import { Nav, type Count } from './nav.js';

/** The navigation with what needs the reader, and the state of the service at its foot. */
export function SideBar({ path, version }: { readonly path: string; readonly version: string }) {
  const now = useNow();
  const { data } = useApi('GET /api/v1/overview');
  const isLive = useLive();
  const lastScan = data?.scans.lastFinishedAt ?? null;
  return (
    <Nav
      path={path}
      counts={data === undefined ? {} : countsOf(data)}
      foot={
        <>
          <span class={isLive ? 'live' : 'live off'}>{isLive ? 'Live' : 'Not live'}</span>
          <br />
          {data === undefined ? null : plural(data.figures.ctLogs, 'log')}
          {lastScan === null ? null : `, last scan ${relative(new Date(lastScan), now)}`}
          <br />
          <a href="/api/docs">API</a> · {version}
        </>
      }
    />
  );
}

function countsOf({
  findings,
  figures,
  inventory,
  deliveries,
  scans,
}: Overview): Readonly<Record<string, Count>> {
  const critical = findings.open['critical'] ?? 0;
  const open = Object.values(findings.open).reduce((sum, n) => sum + n, 0);
  return {
    Findings: { value: open, of: `open, ${critical} critical`, hot: critical > 0 },
    'CT logs': { value: figures.ctLogs - figures.ctLogsCurrent, of: 'behind' },
    Scans: { value: scans.running, of: 'running' },
    Inventory: { value: inventory.failing.length, of: 'failing' },
    Deliveries: { value: deliveries.failed, of: 'failed' },
  };
}
