import { useApi } from '../api/use-api.js';
import type { Setting } from '../api/types.js';
import { plural } from '../lib/format.js';
import { useViewState } from '../lib/view-state.js';
import { valueText } from '../findings/words.js';
import { SearchBox } from '../ui/filters.js';
import { NothingFits } from '../ui/list-table.js';
import { Hostile } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import { DataTable, type Column } from '../ui/table.js';
import { SettingsTabs } from './settings-tabs.js';

const defaults = { q: '', changed: '', cursor: '' };

const columns: readonly Column<Setting>[] = [
  { key: 'key', head: 'Key', cell: ({ key }) => <span class="mono">{key}</span> },
  {
    key: 'value',
    head: 'Value',
    class: 'wide',
    cell: ({ value, origin }) => (
      <span class={origin === 'default' ? 'mono' : 'mono diff'}>
        <Hostile text={valueText(value)} max={300} />
      </span>
    ),
  },
  {
    key: 'default',
    head: 'Default',
    class: 'lo',
    cell: ({ default: usual, origin }) =>
      origin === 'default' ? null : (
        <span class="mono muted">
          <Hostile text={valueText(usual)} max={120} />
        </span>
      ),
  },
  { key: 'origin', head: 'From', class: 'lo', cell: ({ origin }) => <span class="tag">{origin}</span> },
];

/** What runs now: file, environment and defaults together, secrets hidden. */
export function ConfigView() {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/config', {}, { limit: 1_000 });
  const text = state.q.toLowerCase();
  const shown = loaded.data?.items.filter(
    ({ key, value, origin }) =>
      `${key} ${valueText(value)}`.toLowerCase().includes(text) &&
      (state.changed === '' || origin !== 'default'),
  );
  return (
    <>
      <Head
        title="Effective configuration"
        lede="What runs now: file, environment and defaults together. Secrets are hidden. To change it, edit the file and restart."
        crumbs={[['Settings', '/settings/policy'], ['Effective configuration']]}
      />
      <SettingsTabs />
      <div class="filters">
        <SearchBox
          label="Search keys"
          placeholder="Key or value"
          value={state.q}
          change={(q) => change({ q }, { replace: true })}
        />
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={state.changed !== ''}
            onChange={(event) => change({ changed: event.currentTarget.checked ? 'true' : '' })}
          />
          Only what differs from the default
        </label>
      </div>
      <DataTable
        label="Settings"
        columns={columns}
        loaded={loaded}
        rows={shown}
        rowKey={({ key }) => key}
        empty={<NothingFits things="settings" clear={() => change(defaults)} />}
        footer={<div class="pager">{plural(shown?.length ?? 0, 'setting')}</div>}
      />
    </>
  );
}
