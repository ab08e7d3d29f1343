import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/use-api.js';
import type { Scan } from '../api/types.js';
import { navigate, useLocation } from '../lib/browser.js';
import { count, duration } from '../lib/format.js';
import { byClass } from '../lib/outcomes.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { RoleButton } from '../session/me.js';
import { Icon } from '../ui/icon.js';
import { ListTable } from '../ui/list-table.js';
import { Hostile, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { OutcomeBar } from '../ui/stacked-bar.js';
import type { Column } from '../ui/table.js';
import { NewScan } from './new-scan.js';

const defaults = { cursor: '' };

const columns: readonly Column<Scan>[] = [
  {
    key: 'name',
    head: 'Scan',
    cell: ({ id, name }) => (
      <a class="rowtitle" href={`/scans/${id}`}>
        <Hostile text={scanName(name)} />
      </a>
    ),
  },
  { key: 'started', head: 'Started', cell: ({ startedAt }) => <When at={startedAt} /> },
  { key: 'took', head: 'Took', class: 'num lo', cell: tookText },
  { key: 'targets', head: 'Targets', class: 'num lo', cell: ({ targets }) => count(targets) },
  {
    key: 'outcomes',
    head: 'Outcomes',
    class: 'wide lo',
    cell: ({ outcomes }) => <OutcomeBar outcomes={outcomes} />,
  },
  { key: 'ok', head: 'Certificates', class: 'num', cell: ({ outcomes }) => count(outcomes['ok'] ?? 0) },
  { key: 'state', head: 'State', cell: (scan) => <ScanState scan={scan} /> },
];

/** What was tried, what answered, and why the rest did not. */
export function ScansView() {
  const [state, change] = useViewState(defaults);
  const { hash } = useLocation();
  const loaded = useApi('GET /api/v1/scans', {}, { ...sent(state), limit: 50 });
  const running =
    loaded.data?.items.filter(({ finishedAt, progress }) => finishedAt === null && progress !== null) ?? [];
  useFollowing(running.length > 0, loaded.reload);
  return (
    <>
      <Head title="Scans" lede="What was tried, what answered, and why the rest did not.">
        <RoleButton role="operator" class="btn primary" onClick={() => navigate('/scans#new')}>
          <Icon name="plus" />
          New scan
        </RoleButton>
      </Head>
      {running.map((scan) => (
        <RunningScan key={scan.id} scan={scan} />
      ))}
      <ListTable
        label="Scans, latest first"
        things={['scan', 'scans']}
        columns={columns}
        loaded={loaded}
        rowKey={({ id }) => id}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="Nothing was scanned yet"
        emptyText="Start one, or add a group with a schedule to the configuration."
      />
      {hash === '#new' ? <NewScan close={() => navigate('/scans', { replace: true })} /> : null}
    </>
  );
}

/** Reloads every second, or as often as is said, while something runs. */
export function useFollowing(isRunning: boolean, reload: () => void, everyMs = 1_000): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => {
      tick((times) => times + 1);
      reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [isRunning, everyMs]);
}

/** Names of scans that people started begin with a small word. */
export function scanName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** How long a scan took; empty while it runs. */
export function tookText({ startedAt, finishedAt }: Scan): string {
  return finishedAt === null ? '' : duration(Date.parse(finishedAt) - Date.parse(startedAt));
}

/** Running, finished or interrupted. */
export function ScanState({ scan }: { readonly scan: Scan }) {
  if (scan.finishedAt !== null) return <State tone="ok">Finished</State>;
  if (scan.progress !== null) return <State tone="run">Running</State>;
  return <State tone="warning">{scan.resumable ? 'Interrupted, resumable' : 'Interrupted'}</State>;
}

/** Progress of a scan: how far, how fast, and what came of it so far. */
export function RunningScan({ scan }: { readonly scan: Scan }) {
  const { progress } = scan;
  if (progress === null) return null;
  return (
    <section class="panel" aria-live="polite">
      <header>
        <h2>
          <Hostile text={scanName(scan.name)} />
        </h2>
        <State tone="run">Running</State>
      </header>
      <div class="body stack">
        <div class="stack tight">
          <progress
            max={progress.total ?? undefined}
            value={progress.total === null ? undefined : progress.done}
            aria-label="Endpoints probed"
          />
          <div class="summary-line">
            <span>
              <strong>{count(progress.done)}</strong>
              {progress.total === null ? '' : ` of ${count(progress.total)}`} endpoints
            </span>
            <span>{count(progress.rate)} per second</span>
            {progress.secondsLeft === null ? null : (
              <span>about {duration(progress.secondsLeft * 1_000)} left</span>
            )}
          </div>
        </div>
        <OutcomeBar outcomes={scan.outcomes} />
        <OutcomeList outcomes={scan.outcomes} />
      </div>
    </section>
  );
}

/** Outcomes in words and codes with their counts. */
export function OutcomeList({ outcomes }: { readonly outcomes: Readonly<Record<string, number>> }) {
  return (
    <ul class="outlist grid g3">
      {byClass(outcomes).map(({ words, codes, fill, count: n }) => (
        <li key={words}>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect class={fill} width="10" height="10" rx="2" />
          </svg>
          <span>
            {words}
            <span class="sub mono">{codes.join(', ')}</span>
          </span>
          <b>{count(n)}</b>
        </li>
      ))}
    </ul>
  );
}
