import { useState } from 'preact/hooks';
import { useApi } from '../api/use-api.js';
import type { Finding } from '../api/types.js';
import { duration } from '../lib/format.js';
import { useNow } from '../lib/browser.js';
import { sent, writeState } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { withKeys } from '../lib/sets.js';
import { Icon } from '../ui/icon.js';
import { SearchBox, TextChip } from '../ui/filters.js';
import { ListTable } from '../ui/list-table.js';
import { copyText, When } from '../ui/marks.js';
import { Head, Tabs } from '../ui/page.js';
import { Severity } from '../ui/severity.js';
import type { Column } from '../ui/table.js';
import { BulkBar } from './bulk-bar.js';
import { SeverityFacet } from './facets.js';
import { PlaceLink } from './finding-view.js';
import { onlyFindings, stateWords } from './words.js';

const defaults = { state: 'open', severity: '', rule: '', hostContains: '', cursor: '' };

const columns: readonly Column<Finding>[] = [
  {
    key: 'severity',
    head: 'Severity',
    class: 'fit lo',
    cell: ({ severity }) => <Severity level={severity} />,
  },
  { key: 'finding', head: 'Finding', class: 'wide', cell: (finding) => <FindingCell finding={finding} /> },
  { key: 'due', head: 'Time left', cell: ({ dueAt }) => <When at={dueAt} by="end" none="no deadline" /> },
  {
    key: 'owner',
    head: 'Owner',
    class: 'lo',
    cell: ({ owner }) => (owner === null ? <span class="muted">unassigned</span> : owner),
  },
  { key: 'age', head: 'Open for', class: 'num lo', cell: ({ openedAt }) => <Age since={openedAt} /> },
];

/** Triage. */
export function FindingsView() {
  const [state, change] = useViewState(defaults);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const answer = useApi('GET /api/v1/findings', {}, { ...sent(state), limit: 50 });
  const loaded = {
    ...answer,
    data: answer.data && { ...answer.data, items: onlyFindings(answer.data.items) },
  };
  const items = loaded.data?.items;
  const chosen = items?.filter(({ id }) => ticked.has(id)) ?? [];
  return (
    <>
      <FindingsHead />
      <Tabs
        label="State"
        tabs={Object.entries(stateWords).map(([value, text]) => ({
          text,
          href: `/findings${writeState({ ...state, state: value, cursor: '' }, defaults)}`,
          current: state.state === value,
        }))}
      />
      <div class="withfacets">
        <SeverityFacet chosen={state.severity} change={(severity) => change({ severity })} />
        <div class="stack">
          <div class="filters">
            <SearchBox
              label="Search findings"
              placeholder="Part of a host name"
              value={state.hostContains}
              change={(hostContains) => change({ hostContains }, { replace: true })}
            />
            <TextChip
              name="Rule"
              placeholder="expiring"
              value={state.rule}
              change={(rule) => change({ rule })}
            />
          </div>
          <ListTable
            label="Findings"
            things={['finding', 'findings']}
            columns={columns}
            loaded={loaded}
            rowKey={({ id }) => id}
            rowName={({ title }) => title}
            selection={{ ticked, toggle: (keys, on) => setTicked(withKeys(ticked, keys, on)) }}
            state={state}
            defaults={defaults}
            change={change}
            mood="good"
            emptyTitle="Nothing is open"
          />
        </div>
      </div>
      {chosen.length === 0 ? null : <BulkBar findings={chosen} clear={() => setTicked(new Set())} />}
    </>
  );
}

function FindingsHead() {
  return (
    <Head title="Findings" lede="What is wrong, since when, and what to do about it.">
      <button class="btn" type="button" onClick={() => void copyText(location.href, 'Link')}>
        <Icon name="link" />
        Copy link
      </button>
    </Head>
  );
}

function FindingCell({ finding }: { readonly finding: Finding }) {
  return (
    <>
      <div class="ph">
        <Severity level={finding.severity} />
      </div>
      <a class="rowtitle" href={`/findings/${finding.id}`}>
        {finding.title}
      </a>
      <span class="sub">
        <PlaceLink finding={finding} /> · <span class="mono">{finding.rule}</span>
      </span>
    </>
  );
}

function Age({ since }: { readonly since: string }) {
  const now = useNow();
  return <>{duration(now.getTime() - Date.parse(since))}</>;
}
