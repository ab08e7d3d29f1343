import { useApi } from '../api/use-api.js';
import type { Rule } from '../api/types.js';
import { plural } from '../lib/format.js';
import { useViewState } from '../lib/view-state.js';
import { SearchBox, ChoiceChip } from '../ui/filters.js';
import { NothingFits } from '../ui/list-table.js';
import { Head } from '../ui/page.js';
import { Severity, severityWord, worstFirst } from '../ui/severity.js';
import { DataTable, type Column } from '../ui/table.js';
import { SettingsTabs } from './settings-tabs.js';

const defaults = { q: '', severity: '', kind: '', cursor: '' };

const columns: readonly Column<Rule>[] = [
  {
    key: 'rule',
    head: 'Rule',
    class: 'wide',
    cell: ({ id, title }) => (
      <>
        <a class="rowtitle" href={`/findings?rule=${id}`}>
          {title}
        </a>
        <span class="sub mono">{id}</span>
      </>
    ),
  },
  { key: 'severity', head: 'Severity', cell: ({ severity }) => <Severity level={severity} plain /> },
  { key: 'kind', head: 'About', class: 'lo', cell: ({ kind }) => kind },
  { key: 'citation', head: 'Rests on', class: 'lo', cell: ({ citation }) => citation },
  {
    key: 'fix',
    head: 'The fix',
    class: 'lo mid',
    cell: ({ remediation }) => <span class="sub">{remediation}</span>,
  },
];

/** What is judged, and by which standard. */
export function PolicyView() {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/rules', {}, { limit: 1_000 });
  const rules = loaded.data?.items;
  const shown = rules?.filter((rule) => fits(rule, state));
  return (
    <>
      <Head
        title="Policy"
        lede="What is judged, and by which standard."
        crumbs={[['Settings', '/settings/policy'], ['Policy']]}
      />
      <SettingsTabs />
      <div class="filters">
        <SearchBox
          label="Search rules"
          placeholder="Rule, title, standard"
          value={state.q}
          change={(q) => change({ q }, { replace: true })}
        />
        <ChoiceChip
          name="Severity"
          value={state.severity}
          choices={worstFirst.map((level) => [level, severityWord(level)] as const)}
          change={(severity) => change({ severity })}
        />
        <ChoiceChip
          name="About"
          value={state.kind}
          choices={[...new Set(rules?.map(({ kind }) => kind))]
            .toSorted()
            .map((kind) => [kind, kind] as const)}
          change={(kind) => change({ kind })}
        />
      </div>
      <DataTable
        label="Rules"
        columns={columns}
        loaded={loaded}
        rows={shown}
        rowKey={({ id }) => id}
        empty={<NothingFits things="rules" clear={() => change(defaults)} />}
        footer={<div class="pager">{plural(shown?.length ?? 0, 'rule')}</div>}
      />
    </>
  );
}

function fits({ id, title, citation, severity, kind }: Rule, state: typeof defaults): boolean {
  const text = `${id} ${title} ${citation}`.toLowerCase();
  return (
    text.includes(state.q.toLowerCase()) &&
    (state.severity === '' || severity === state.severity) &&
    (state.kind === '' || kind === state.kind)
  );
}
