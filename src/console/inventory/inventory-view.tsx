import { call } from '../api/client.js';
import { cache, useApi } from '../api/use-api.js';
import type { InventoryItem, InventorySource } from '../api/types.js';
import { count, plural } from '../lib/format.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { Icon } from '../ui/icon.js';
import { ChoiceChip, TextChip } from '../ui/filters.js';
import { ListTable } from '../ui/list-table.js';
import { Hash, Hostile, When } from '../ui/marks.js';
import { Head, Panel } from '../ui/page.js';
import { Callout, Empty } from '../ui/states.js';
import { State } from '../ui/severity.js';
import { DataTable, type Column } from '../ui/table.js';

const defaults = { source: '', owner: '', cursor: '' };

const sourceColumns: readonly Column<InventorySource>[] = [
  {
    key: 'source',
    head: 'Source',
    cell: ({ source }) => (
      <a class="rowtitle mono" href={`/inventory?source=${encodeURIComponent(source)}`}>
        <Hostile text={source} />
      </a>
    ),
  },
  { key: 'items', head: 'Items', class: 'num', cell: ({ items }) => count(items) },
  { key: 'complete', head: 'Last complete run', cell: ({ lastCompleteAt }) => <When at={lastCompleteAt} /> },
  { key: 'try', head: 'Last try', class: 'lo', cell: ({ lastRun }) => <When at={lastRun?.finishedAt} /> },
  { key: 'state', head: 'State', cell: (source) => <SourceState source={source} /> },
  {
    key: 'do',
    head: <span class="sr">Action</span>,
    class: 'fit lo',
    cell: (source) => <ReadNow source={source} />,
  },
];

const itemColumns: readonly Column<InventoryItem>[] = [
  {
    key: 'reference',
    head: 'Reference',
    class: 'name',
    cell: ({ reference, source }) => (
      <>
        <span class="mono">
          <Hostile text={reference} max={160} />
        </span>
        <span class="sub">
          <Hostile text={source} />
        </span>
      </>
    ),
  },
  {
    key: 'certificate',
    head: 'Certificate',
    cell: ({ sha256 }) =>
      sha256 === null ? (
        <span class="muted">not named</span>
      ) : (
        <Hash hex={sha256} href={`/certificates/${sha256}`} />
      ),
  },
  {
    key: 'owner',
    head: 'Owner',
    class: 'lo',
    cell: ({ owner }) => (owner === null ? null : <Hostile text={owner} />),
  },
  {
    key: 'labels',
    head: 'Labels',
    class: 'lo mid',
    cell: ({ labels }) => (
      <span class="tags">
        {Object.entries(labels).map(([name, value]) => (
          <span key={name} class="tag">
            <Hostile text={`${name}: ${value}`} max={80} />
          </span>
        ))}
      </span>
    ),
  },
];

/** What you believe to own, and how reading it went. */
export function InventoryView() {
  const [state, change] = useViewState(defaults);
  const sources = useApi('GET /api/v1/inventory/sources', {}, { limit: 1_000 });
  const items = useApi('GET /api/v1/inventory', {}, { ...sent(state), limit: 50 });
  const names = sources.data?.items.map(({ source }) => [source, source] as const) ?? [];
  return (
    <>
      <Head
        title="Inventory"
        lede="What you believe to own. A certificate that is served and in none of these sources is a shadow."
      />
      <StaleCallouts sources={sources.data?.items ?? []} />
      <DataTable
        label="Inventory sources"
        columns={sourceColumns}
        loaded={sources}
        rows={sources.data?.items}
        rowKey={({ source }) => source}
        empty={
          <Empty mood="none" title="No inventory source is configured">
            Add one under inventory.sources in the configuration. Until then no certificate is called a
            shadow.
          </Empty>
        }
      />
      <Panel title="Items" flush note="What the last complete run of each source reported.">
        <div class="body">
          <div class="filters">
            <ChoiceChip
              name="Source"
              value={state.source}
              choices={names}
              change={(source) => change({ source })}
            />
            <TextChip
              name="Owner"
              placeholder="platform"
              value={state.owner}
              change={(owner) => change({ owner })}
            />
          </div>
        </div>
        <ListTable
          label="Inventory items"
          things={['item', 'items']}
          columns={itemColumns}
          loaded={items}
          rowKey={({ source, reference }) => `${source} ${reference}`}
          state={state}
          defaults={defaults}
          change={change}
          emptyTitle="No items yet"
        />
      </Panel>
    </>
  );
}

function StaleCallouts({ sources }: { readonly sources: readonly InventorySource[] }) {
  return (
    <>
      {sources
        .filter(({ stale }) => stale)
        .map(({ source }) => (
          <Callout key={source} tone="warning">
            <strong>
              <Hostile text={source} /> is stale.
            </strong>{' '}
            Nothing is called a shadow because of it until it is read again.
          </Callout>
        ))}
    </>
  );
}

function SourceState({
  source: { running, configured, stale, lastRun },
}: {
  readonly source: InventorySource;
}) {
  const errors = lastRun?.errors ?? [];
  return (
    <>
      {running ? (
        <State tone="run">Reading</State>
      ) : !configured ? (
        <State tone="off">Not configured any more</State>
      ) : stale ? (
        <State tone="warning">Stale</State>
      ) : (
        <State tone={errors.length === 0 ? 'ok' : 'warning'}>
          {errors.length === 0 ? 'Complete' : plural(errors.length, 'problem')}
        </State>
      )}
      {errors.slice(0, 2).map((error) => (
        <span key={error} class="sub wrap">
          <Hostile text={error} max={200} />
        </span>
      ))}
    </>
  );
}

function ReadNow({ source: { source, configured, running } }: { readonly source: InventorySource }) {
  if (!configured) return null;
  const read = async (): Promise<void> => {
    await attempt(
      () => call('POST /api/v1/inventory/sources/{source}/read', { source }, undefined),
      'Reading has started',
    );
    cache.invalidate('/api/v1/inventory');
  };
  return (
    <RoleButton
      role="operator"
      class="btn small quiet"
      label={`Read now: ${source}`}
      disabled={running}
      onClick={() => void read()}
    >
      <Icon name="again" />
      Read now
    </RoleButton>
  );
}
