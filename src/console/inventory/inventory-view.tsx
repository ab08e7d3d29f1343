import { useApi } from '../api/use-api.js';
import type { InventoryItem, InventoryRun } from '../api/types.js';
import { count, plural } from '../lib/format.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { ChoiceChip, TextChip } from '../ui/filters.js';
import { ListTable } from '../ui/list-table.js';
import { Hash, Hostile, When } from '../ui/marks.js';
import { Head, Panel } from '../ui/page.js';
import { Empty } from '../ui/states.js';
import { State } from '../ui/severity.js';
import { DataTable, type Column } from '../ui/table.js';

const defaults = { source: '', owner: '', cursor: '' };

const runColumns: readonly Column<InventoryRun>[] = [
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
  { key: 'at', head: 'Last run', cell: ({ finishedAt }) => <When at={finishedAt} /> },
  { key: 'state', head: 'State', cell: (run) => <RunState run={run} /> },
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
  const runs = useApi('GET /api/v1/inventory/runs');
  const items = useApi('GET /api/v1/inventory', {}, { ...sent(state), limit: 50 });
  const sources = runs.data?.items.map(({ source }) => [source, source] as const) ?? [];
  return (
    <>
      <Head
        title="Inventory"
        lede="What you believe to own. A certificate that is served and in none of these sources is a shadow."
      />
      <DataTable
        label="Inventory sources"
        columns={runColumns}
        loaded={runs}
        rows={runs.data?.items}
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
              choices={sources}
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

function RunState({ run }: { readonly run: InventoryRun }) {
  return (
    <>
      <State tone={run.complete ? (run.errors.length === 0 ? 'ok' : 'warning') : 'error'}>
        {run.complete
          ? run.errors.length === 0
            ? 'Complete'
            : plural(run.errors.length, 'problem')
          : 'Incomplete'}
      </State>
      {run.errors.slice(0, 2).map((error) => (
        <span key={error} class="sub wrap">
          <Hostile text={error} max={200} />
        </span>
      ))}
    </>
  );
}
