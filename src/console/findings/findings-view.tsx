import { useState } from 'preact/hooks';
import { useHeard } from '../api/live.js';
import { cache, useApi } from '../api/use-api.js';
import type { Finding, FindingGroup } from '../api/types.js';
import { count, plural } from '../lib/format.js';
import { withKeys } from '../lib/sets.js';
import { writeState } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { SearchBox, Segments } from '../ui/filters.js';
import { Icon } from '../ui/icon.js';
import { ListTable } from '../ui/list-table.js';
import { copyText, When } from '../ui/marks.js';
import { Head, Tabs } from '../ui/page.js';
import { Severity } from '../ui/severity.js';
import type { Column, Selection } from '../ui/table.js';
import type { Ticked } from './act-on.js';
import { BulkBar } from './bulk-bar.js';
import { Age, FindingCell, Owners } from './cells.js';
import { Facets } from './facets.js';
import { GroupTable } from './group-table.js';
import { newsText } from './news.js';
import { defaults, exportPath, filtersOf, type FindingsState } from './state.js';
import { onlyFindings, stateWords } from './words.js';

const columns: readonly Column<Finding>[] = [
  {
    key: 'severity',
    head: 'Severity',
    class: 'fit lo',
    sort: 'severity',
    cell: ({ severity }) => <Severity level={severity} />,
  },
  {
    key: 'finding',
    head: 'Finding',
    class: 'wide',
    sort: 'rule',
    cell: (finding) => <FindingCell finding={finding} />,
  },
  {
    key: 'due',
    head: 'Time left',
    sort: 'dueAt',
    cell: ({ dueAt }) => <When at={dueAt} by="end" none="no deadline" />,
  },
  {
    key: 'owner',
    head: 'Owner',
    class: 'lo',
    cell: ({ owner }) => <Owners of={owner === null ? [] : [owner]} />,
  },
  {
    key: 'age',
    head: 'Open for',
    class: 'num lo',
    sort: 'openedAt',
    cell: ({ openedAt }) => <Age since={openedAt} />,
  },
];

/** Triage: one row a cause, facets, and actions on many at once. */
export function FindingsView() {
  const [state, change] = useViewState(defaults);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const isGrouped = state.group !== 'none';
  const query = { ...filtersOf(state), cursor: state.cursor, limit: 50 };
  const loaded = useApi(
    'GET /api/v1/findings',
    {},
    { ...query, ...(isGrouped ? { group: state.group } : { sort: state.sort }) },
  );
  const selection = {
    ticked,
    toggle: (keys: readonly string[], on: boolean) => setTicked(withKeys(ticked, keys, on)),
  };
  const data = loaded.data && { ...loaded.data, items: onlyFindings(loaded.data.items) };
  return (
    <>
      <FindingsHead state={state} total={isGrouped ? (loaded.data?.total ?? null) : null} />
      <StateTabs state={state} />
      <div class="withfacets">
        <Facets state={state} change={change} />
        <div class="stack">
          <Toolbar state={state} change={change} />
          <News state={state} loadedAt={loaded.at} reload={() => cache.invalidate('/api/v1/findings')} />
          {isGrouped ? (
            <GroupTable
              loaded={loaded}
              state={state}
              change={change}
              selection={selection}
              empty={emptyWords(state)}
            />
          ) : (
            <ListTable
              label="Findings"
              things={['finding', 'findings']}
              columns={columns}
              loaded={{ ...loaded, data }}
              rowKey={({ id }) => id}
              rowName={({ title }) => title}
              selection={selection}
              state={state}
              defaults={defaults}
              change={change}
              mood="good"
              emptyTitle={emptyWords(state).title}
            />
          )}
        </div>
      </div>
      <Selected
        items={loaded.data?.items ?? []}
        selection={selection}
        state={state}
        clear={() => setTicked(new Set())}
      />
    </>
  );
}

/** What came since the list was loaded; the rows stay where they are until the reader asks. */
function News(props: {
  readonly state: FindingsState;
  readonly loadedAt: Date | null;
  readonly reload: () => void;
}) {
  const heard = useHeard();
  const text = props.loadedAt === null ? null : newsText(heard, props.state, props.loadedAt);
  return (
    <div class="news" aria-live="polite">
      {text === null ? null : (
        <button class="btn small" type="button" onClick={props.reload}>
          <Icon name="again" />
          {text}
        </button>
      )}
    </div>
  );
}

function emptyWords({ state }: FindingsState): { readonly title: string; readonly text: string } {
  return state === 'open'
    ? {
        title: 'Nothing is open',
        text: 'Everything that was seen is in order, acknowledged, silenced or accepted.',
      }
    : { title: `No finding is ${state}`, text: '' };
}

function FindingsHead({ state, total }: { readonly state: FindingsState; readonly total: number | null }) {
  const lede =
    total === null || state.group !== 'cause'
      ? 'What is wrong, since when, and what to do about it.'
      : `${plural(total, 'cause')}, worst first. Fix a cause once and all of its findings close.`;
  return (
    <Head title="Findings" lede={lede}>
      <button class="btn" type="button" onClick={() => void copyText(location.href, 'Link')}>
        <Icon name="link" />
        Copy link
      </button>
      <a class="btn" href={exportPath(state)} download>
        <Icon name="download" />
        Export CSV
      </a>
    </Head>
  );
}

function StateTabs({ state }: { readonly state: FindingsState }) {
  const { data } = useApi('GET /api/v1/findings/facets', {}, filtersOf(state));
  return (
    <Tabs
      label="State"
      tabs={Object.entries(stateWords).map(([value, text]) => ({
        text,
        href: `/findings${writeState({ ...state, state: value, cursor: '' }, defaults)}`,
        current: state.state === value,
        ...(data === undefined ? {} : { n: count(data.state[value] ?? 0) }),
      }))}
    />
  );
}

function Toolbar(props: {
  readonly state: FindingsState;
  readonly change: (part: Partial<FindingsState>, how?: { readonly replace?: boolean }) => void;
}) {
  const { state, change } = props;
  return (
    <div class="filters">
      <SearchBox
        label="Search findings"
        placeholder="Host, title, hash"
        value={state.q}
        change={(q) => change({ q }, { replace: true })}
      />
      <Segments
        label="Group by"
        value={state.group}
        choices={[
          ['cause', 'By cause'],
          ['host', 'By host'],
          ['none', 'One by one'],
        ]}
        change={(group) => change({ group })}
      />
    </div>
  );
}

function Selected(props: {
  readonly items: readonly (Finding | FindingGroup)[];
  readonly selection: Selection;
  readonly state: FindingsState;
  readonly clear: () => void;
}) {
  const keys = [...props.selection.ticked];
  if (keys.length === 0) return null;
  const ticked: Ticked = {
    groups: keys.filter((key) => key.startsWith('group:')).map((key) => key.slice('group:'.length)),
    ids: keys.filter((key) => !key.startsWith('group:')),
  };
  const sizes = new Map(
    props.items.flatMap((item) => ('finding' in item ? [[item.key, item.count] as const] : [])),
  );
  const total = ticked.ids.length + ticked.groups.reduce((sum, key) => sum + (sizes.get(key) ?? 1), 0);
  return <BulkBar ticked={ticked} count={total} state={props.state} clear={props.clear} />;
}
