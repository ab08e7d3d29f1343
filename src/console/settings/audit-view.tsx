import { useApi } from '../api/use-api.js';
import type { AuditEntry } from '../api/types.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { valueText, wordsOfKey } from '../findings/words.js';
import { TextChip } from '../ui/filters.js';
import { Icon } from '../ui/icon.js';
import { ListTable } from '../ui/list-table.js';
import { Hostile, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import type { Column } from '../ui/table.js';
import { SettingsTabs } from './settings-tabs.js';

const defaults = { actor: '', action: '', from: '', to: '', cursor: '' };

const columns: readonly Column<AuditEntry>[] = [
  { key: 'at', head: 'When', cell: ({ at }) => <When at={at} /> },
  {
    key: 'actor',
    head: 'Who',
    cell: ({ actor }) => (
      <strong>
        <Hostile text={actor} />
      </strong>
    ),
  },
  { key: 'action', head: 'What', cell: ({ action }) => <span class="mono">{action}</span> },
  { key: 'subject', head: 'On', class: 'lo', cell: ({ subject }) => <Hostile text={subject} max={160} /> },
  {
    key: 'details',
    head: 'Details',
    class: 'lo wide',
    cell: ({ details }) => (
      <Hostile
        text={Object.entries(details)
          .map(([key, value]) => `${wordsOfKey(key)}: ${valueText(value)}`)
          .join('; ')}
        max={300}
      />
    ),
  },
];

/** Every change a person or a program made. */
export function AuditView() {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/audit', {}, { ...sent(state), limit: 50 });
  const { cursor: _cursor, ...filters } = state;
  const query = new URLSearchParams({ ...sent(filters), format: 'csv' }).toString();
  return (
    <>
      <Head
        title="Audit trail"
        lede="Every change a person or a program made, and every sign-in. It cannot be edited."
        crumbs={[['Settings', '/settings/policy'], ['Audit trail']]}
      >
        <a class="btn" href={`/api/v1/audit?${query}`} download>
          <Icon name="download" />
          Export CSV
        </a>
      </Head>
      <SettingsTabs />
      <div class="filters">
        <TextChip name="Who" placeholder="Name" value={state.actor} change={(actor) => change({ actor })} />
        <TextChip
          name="What"
          placeholder="finding.silence"
          value={state.action}
          change={(action) => change({ action })}
        />
        <TextChip
          name="From"
          placeholder="2026-11-01"
          value={state.from}
          change={(from) => change({ from })}
        />
        <TextChip name="To" placeholder="2026-12-01" value={state.to} change={(to) => change({ to })} />
      </div>
      <ListTable
        label="Audit trail, latest first"
        things={['entry', 'entries']}
        columns={columns}
        loaded={loaded}
        rowKey={({ at, action, subject }) => `${at} ${action} ${subject}`}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="Nothing was changed yet"
      />
    </>
  );
}
