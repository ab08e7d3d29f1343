import { useApi } from '../api/use-api.js';
import type { Endpoint } from '../api/types.js';
import { shortHash } from '../lib/format.js';
import { hostPort } from '../lib/host-parts.js';
import { outcomeClasses, outcomeTone } from '../lib/outcomes.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { ChoiceChip, SearchBox, TextChip } from '../ui/filters.js';
import { Host, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { ListTable } from '../ui/list-table.js';
import type { Column } from '../ui/table.js';

const defaults = { hostContains: '', outcome: '', port: '', cursor: '' };

const columns: readonly Column<Endpoint>[] = [
  { key: 'endpoint', head: 'Endpoint', class: 'name', cell: (row) => <EndpointCell row={row} /> },
  {
    key: 'certificate',
    head: 'Certificate served',
    class: 'lo',
    cell: ({ chain: [leaf] }) =>
      leaf === undefined ? (
        <span class="muted">none</span>
      ) : (
        <a class="mono" href={`/certificates/${leaf}`}>
          {shortHash(leaf)}
        </a>
      ),
  },
  { key: 'tls', head: 'TLS', class: 'lo mid', cell: ({ tls }) => <TlsCell tls={tls} /> },
  {
    key: 'outcome',
    head: 'Last probe',
    cell: ({ lastOutcome, target }) => (
      <State tone={outcomeTone(lastOutcome)}>
        {target.starttls === null ? lastOutcome : `${lastOutcome}, ${target.starttls}`}
      </State>
    ),
  },
  { key: 'at', head: 'When', class: 'lo', cell: ({ lastObservedAt }) => <When at={lastObservedAt} /> },
];

/** Every host, address and port that was probed, and what it serves now. */
export function EndpointsView() {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/endpoints', {}, { ...sent(state), limit: 50 });
  return (
    <>
      <Head title="Endpoints" lede="Every host, address and port that was probed, and what it serves now." />
      <div class="filters">
        <SearchBox
          label="Search endpoints"
          placeholder="Part of a host name"
          value={state.hostContains}
          change={(hostContains) => change({ hostContains }, { replace: true })}
        />
        <ChoiceChip
          name="Outcome"
          value={state.outcome}
          choices={outcomeClasses.flatMap(({ codes }) => codes.map((code) => [code, code] as const))}
          change={(outcome) => change({ outcome })}
        />
        <TextChip name="Port" placeholder="443" value={state.port} change={(port) => change({ port })} />
      </div>
      <ListTable
        label="Endpoints"
        things={['endpoint', 'endpoints']}
        columns={columns}
        loaded={loaded}
        rowKey={({ key }) => key}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="Nothing was probed yet"
        emptyActs={
          <a class="btn primary" href="/scans#new">
            Start a scan
          </a>
        }
      />
    </>
  );
}

function EndpointCell({ row }: { readonly row: Endpoint }) {
  const { host, address, port } = row.target;
  return (
    <>
      <Host host={host} port={port} href={`/endpoints/${encodeURIComponent(row.key)}`} />
      {address === null || address === host ? null : <span class="sub mono">{hostPort(address, port)}</span>}
    </>
  );
}

function TlsCell({ tls }: { readonly tls: Endpoint['tls'] }) {
  if (tls === null) return null;
  return (
    <>
      <span class="nowrap">{tls.version?.replace('TLSv', 'TLS ')}</span>
      {tls.group === null ? null : <span class="sub">{tls.group}</span>}
    </>
  );
}
