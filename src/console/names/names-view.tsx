import { useApi } from '../api/use-api.js';
import type { Name } from '../api/types.js';
import { count } from '../lib/format.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { SearchBox, TextChip } from '../ui/filters.js';
import { ListTable } from '../ui/list-table.js';
import { Hash, Host, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import type { Column } from '../ui/table.js';

const defaults = { hostContains: '', hostSuffix: '', cursor: '' };

const columns: readonly Column<Name>[] = [
  {
    key: 'name',
    head: 'Name',
    class: 'name',
    cell: ({ name }) => <Host host={name} href={`/names/${encodeURIComponent(name.replace(/^\*\./, ''))}`} />,
  },
  {
    key: 'certificates',
    head: 'Certificates',
    class: 'num',
    cell: ({ certificates }) => count(certificates),
  },
  {
    key: 'last',
    head: 'Expires last',
    class: 'lo',
    cell: ({ sha256 }) => <Hash hex={sha256} href={`/certificates/${sha256}`} />,
  },
  {
    key: 'notAfter',
    head: 'Covered until',
    cell: ({ notAfter }) => <When at={notAfter} by="end" dateOnly />,
  },
];

/** Every name in a certificate, by domain. */
export function NamesView() {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/names', {}, { ...sent(state), limit: 50 });
  return (
    <>
      <Head
        title="Names"
        lede="Every name in a certificate, served or only logged. Open one to see everything ever issued for it."
      />
      <div class="filters">
        <SearchBox
          label="Search names"
          placeholder="Part of a name"
          value={state.hostContains}
          change={(hostContains) => change({ hostContains }, { replace: true })}
        />
        <TextChip
          name="Domain"
          placeholder="example.com"
          value={state.hostSuffix}
          change={(hostSuffix) => change({ hostSuffix })}
        />
      </div>
      <ListTable
        label="Names, by domain"
        things={['name', 'names']}
        columns={columns}
        loaded={loaded}
        rowKey={({ name }) => name}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="No names yet"
        emptyText="Names appear once a certificate is served or logged."
      />
    </>
  );
}
