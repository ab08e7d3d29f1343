import { call } from '../api/client.js';
import { cache, useApi } from '../api/use-api.js';
import type { Observation, Scan } from '../api/types.js';
import { plural } from '../lib/format.js';
import { outcomeClasses, outcomeTone } from '../lib/outcomes.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { NotFound } from '../not-found.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { ChoiceChip } from '../ui/filters.js';
import { ListTable } from '../ui/list-table.js';
import { Hash, Host, Hostile } from '../ui/marks.js';
import { Head, Panel } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { OutcomeBar } from '../ui/stacked-bar.js';
import { Failure, Loading } from '../ui/states.js';
import type { Column } from '../ui/table.js';
import { OutcomeList, RunningScan, scanName, ScanState, tookText, useFollowing } from './scans-view.js';

const defaults = { outcome: '', cursor: '' };

const columns: readonly Column<Observation>[] = [
  {
    key: 'endpoint',
    head: 'Endpoint',
    class: 'name',
    cell: ({ endpointKey, target }) => (
      <>
        <Host host={target.host} port={target.port} href={`/endpoints/${encodeURIComponent(endpointKey)}`} />
        <span class="sub mono">{target.address}</span>
      </>
    ),
  },
  {
    key: 'outcome',
    head: 'Outcome',
    cell: ({ outcome, detail }) => (
      <>
        <State tone={outcomeTone(outcome)}>{outcome}</State>
        {detail === null ? null : (
          <span class="sub wrap">
            <Hostile text={detail} max={160} />
          </span>
        )}
      </>
    ),
  },
  {
    key: 'certificate',
    head: 'Certificate',
    class: 'lo',
    cell: ({ certificateSha256: hash }) =>
      hash === null ? null : <Hash hex={hash} href={`/certificates/${hash}`} />,
  },
];

/** One scan: what was tried, what answered, and why the rest did not. */
export function ScanView({ names }: { readonly names: Readonly<Record<string, string>> }) {
  const id = names['id'] ?? '';
  const loaded = useApi('GET /api/v1/scans/{id}', { id });
  useFollowing(
    loaded.data !== undefined && loaded.data.finishedAt === null && loaded.data.progress !== null,
    loaded.reload,
  );
  if (loaded.error?.status === 404 || loaded.error?.status === 400)
    return <NotFound what="No scan has this id." />;
  if (loaded.data === undefined && loaded.error !== null)
    return <Failure error={loaded.error} retry={loaded.reload} />;
  if (loaded.data === undefined) return <Loading what="scan" lines={6} />;
  return <ScanPage scan={loaded.data} />;
}

function ScanPage({ scan }: { readonly scan: Scan }) {
  const stop = async (): Promise<void> => {
    await attempt(() => call('POST /api/v1/scans/{id}/stop', { id: scan.id }, undefined), 'The scan stops');
    cache.invalidate('/api/v1/scans');
  };
  const by = scan.startedBy === null ? 'by its schedule' : `by ${scan.startedBy}`;
  return (
    <>
      <Head
        title={scanName(scan.name)}
        shown={<Hostile text={scanName(scan.name)} />}
        crumbs={[['Scans', '/scans'], [scanName(scan.name)]]}
        marks={<ScanState scan={scan} />}
        lede={`${plural(scan.targets, 'target')}, started ${by}${scan.finishedAt === null ? '' : `, took ${tookText(scan)}`}.`}
      >
        {scan.stoppable ? (
          <RoleButton role="operator" onClick={() => void stop()}>
            Stop
          </RoleButton>
        ) : null}
      </Head>
      {scan.finishedAt === null ? (
        <RunningScan scan={scan} />
      ) : (
        <Panel title="Outcomes">
          <div class="stack">
            <OutcomeBar outcomes={scan.outcomes} />
            <OutcomeList outcomes={scan.outcomes} />
          </div>
        </Panel>
      )}
      <Probed scanId={scan.id} />
    </>
  );
}

function Probed({ scanId }: { readonly scanId: string }) {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/observations', {}, { ...sent(state), scanId, limit: 50 });
  return (
    <>
      <div class="filters">
        <ChoiceChip
          name="Outcome"
          value={state.outcome}
          choices={outcomeClasses.flatMap(({ codes }) => codes.map((code) => [code, code] as const))}
          change={(outcome) => change({ outcome })}
        />
      </div>
      <ListTable
        label="Probes of this scan"
        things={['probe', 'probes']}
        columns={columns}
        loaded={loaded}
        rowKey={({ endpointKey, observedAt }) => `${endpointKey} ${observedAt}`}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="Nothing was probed yet"
      />
    </>
  );
}
