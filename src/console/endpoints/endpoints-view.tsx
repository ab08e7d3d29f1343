import { useApi } from '../api/use-api.js';
import type { ListedEndpoint } from '../api/types.js';
import { useNow } from '../lib/browser.js';
import { authorityName, count, relative, shortHash } from '../lib/format.js';
import { hostPort } from '../lib/host-parts.js';
import { outcomeClasses, outcomeTone } from '../lib/outcomes.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { ChoiceChip, SearchBox, TextChip } from '../ui/filters.js';
import { Host, Hostile, Life, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import { Severity, State, worstFirst } from '../ui/severity.js';
import { Icon } from '../ui/icon.js';
import { ListTable } from '../ui/list-table.js';
import type { Column } from '../ui/table.js';

const defaults = { hostContains: '', outcome: '', port: '', cursor: '' };

const columns: readonly Column<ListedEndpoint>[] = [
  { key: 'endpoint', head: 'Endpoint', class: 'name', cell: (row) => <EndpointCell row={row} /> },
  {
    key: 'certificate',
    head: 'Certificate served',
    class: 'lo',
    cell: (row) => <LeafCell row={row} />,
  },
  {
    key: 'life',
    head: 'Life',
    class: 'lo lifecol',
    cell: ({ leaf }) => (leaf === null ? null : <Life from={leaf.notBefore} to={leaf.notAfter} />),
  },
  {
    key: 'expires',
    head: 'Expires',
    cell: ({ leaf }) => <When at={leaf?.notAfter} by="end" dateOnly none="unknown" />,
  },
  { key: 'tls', head: 'TLS', class: 'lo mid', cell: ({ tls }) => <TlsCell tls={tls} /> },
  { key: 'outcome', head: 'Last probe', cell: (row) => <ProbeCell row={row} /> },
  { key: 'worst', head: 'Worst finding', class: 'lo', cell: (row) => <Worst finding={row.worstFinding} /> },
];

/** Every host, address and port that was probed, and what it serves now. */
export function EndpointsView() {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/endpoints', {}, { ...sent(state), limit: 50 });
  return (
    <>
      <Head title="Endpoints" lede="Every host, address and port that was probed, and what it serves now.">
        <a
          class="btn"
          href={`/api/v1/endpoints?${new URLSearchParams({ ...sent({ ...state, cursor: '' }), format: 'csv' }).toString()}`}
          download
        >
          <Icon name="download" />
          Export CSV
        </a>
      </Head>
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
      <Answering />
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

function Answering() {
  const { data } = useApi('GET /api/v1/endpoints/outcomes');
  if (data === undefined) return null;
  const all = Object.values(data.outcomes).reduce((sum, n) => sum + n, 0);
  const answering = data.outcomes['ok'] ?? 0;
  return (
    <div class="summary-line">
      {count(answering)} endpoints answer with a certificate, {count(all - answering)} do not
    </div>
  );
}

function EndpointCell({ row }: { readonly row: ListedEndpoint }) {
  const { host, address, port } = row.target;
  return (
    <>
      <Host host={host} port={port} href={`/endpoints/${encodeURIComponent(row.key)}`} />
      {address === null || address === host ? null : <span class="sub mono">{hostPort(address, port)}</span>}
    </>
  );
}

function LeafCell({ row: { chain, leaf } }: { readonly row: ListedEndpoint }) {
  const [sha256] = chain;
  if (sha256 === undefined) return <span class="muted">none</span>;
  return (
    <>
      <Host host={leaf?.names[0] ?? shortHash(sha256)} href={`/certificates/${sha256}`} />
      {leaf === null ? null : (
        <span class="sub">
          <Hostile text={authorityName(leaf.issuer)} max={80} />
        </span>
      )}
    </>
  );
}

function ProbeCell({ row: { lastOutcome, lastObservedAt, target } }: { readonly row: ListedEndpoint }) {
  const now = useNow();
  return (
    <>
      <State tone={outcomeTone(lastOutcome)}>
        {target.starttls === null ? lastOutcome : `${lastOutcome}, ${target.starttls}`}
      </State>
      <span class="sub">{relative(new Date(lastObservedAt), now)}</span>
    </>
  );
}

function Worst({ finding }: { readonly finding: ListedEndpoint['worstFinding'] }) {
  const level = worstFirst.find((one) => one === finding?.severity);
  if (finding === null || level === undefined) return <span class="muted">none</span>;
  return (
    <a href={`/findings/${finding.id}`}>
      <Severity level={level} plain>
        {finding.rule}
      </Severity>
    </a>
  );
}

function TlsCell({ tls }: { readonly tls: ListedEndpoint['tls'] }) {
  if (tls === null) return null;
  return (
    <>
      <span class="nowrap">{tls.version?.replace('TLSv', 'TLS ')}</span>
      {tls.group === null ? null : <span class="sub">{tls.group}</span>}
    </>
  );
}
