import { useState } from 'preact/hooks';
import { useApi } from '../api/use-api.js';
import type { Issuance } from '../api/types.js';
import { navigate } from '../lib/browser.js';
import { authorityName, keyText, plural } from '../lib/format.js';
import { withKeys } from '../lib/sets.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { Icon } from '../ui/icon.js';
import { ListTable } from '../ui/list-table.js';
import { Host, Hostile, Legs, Life, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import { Severity } from '../ui/severity.js';
import type { Column } from '../ui/table.js';
import { CertificateFilters } from './filters.js';
import { defaults, exportPath } from './state.js';

const columns: readonly Column<Issuance>[] = [
  { key: 'names', head: 'Names', class: 'name', cell: (row) => <NamesCell row={row} /> },
  {
    key: 'issuer',
    head: 'Issuer',
    class: 'lo',
    sort: 'issuer',
    cell: ({ issuer }) => <Hostile text={authorityName(issuer)} max={80} />,
  },
  {
    key: 'life',
    head: 'Life',
    class: 'lo lifecol',
    cell: (row) => <Life from={row.notBefore} to={row.notAfter} />,
  },
  {
    key: 'expires',
    head: 'Expires',
    sort: 'notAfter',
    cell: ({ notAfter }) => <When at={notAfter} by="end" dateOnly none="unknown" />,
  },
  { key: 'where', head: 'Where', cell: (row) => <WhereCell row={row} /> },
  { key: 'key', head: 'Key', class: 'lo mid', cell: ({ key }) => <span class="nowrap">{keyText(key)}</span> },
  {
    key: 'worst',
    head: 'Worst finding',
    class: 'lo',
    cell: (row) => <WorstFinding finding={row.worstFinding} />,
  },
  {
    key: 'owner',
    head: 'Owner',
    class: 'lo mid',
    cell: ({ owner }) =>
      owner === null ? null : (
        <span class="nowrap">
          <Hostile text={owner} max={30} />
        </span>
      ),
  },
];

/** Find any certificate: one row an issuance, a precertificate and its certificate together. */
export function CertificatesView() {
  const [state, change] = useViewState(defaults);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const loaded = useApi('GET /api/v1/certificates', {}, { ...sent(state), group: 'issuance', limit: 50 });
  const data = loaded.data && {
    ...loaded.data,
    items: loaded.data.items.filter((item) => 'servedCount' in item),
  };
  const [a = '', b = ''] = [...ticked];
  return (
    <>
      <Head
        title="Certificates"
        lede="One row for one issuance: a precertificate and its certificate are the same thing."
      >
        <button
          class="btn"
          type="button"
          disabled={ticked.size !== 2}
          onClick={() => navigate(`/certificates/compare?a=${a}&b=${b}`)}
        >
          Compare 2
        </button>
        <a class="btn" href={exportPath(state)} download>
          <Icon name="download" />
          Export CSV
        </a>
      </Head>
      <CertificateFilters state={state} change={change} />
      <ListTable
        label="Certificates"
        things={['certificate', 'certificates']}
        columns={columns}
        loaded={{ ...loaded, data }}
        rowKey={({ sha256 }) => sha256}
        rowName={({ names, sha256 }) => names[0] ?? sha256}
        selection={{ ticked, toggle: (keys, on) => setTicked(withKeys(ticked, keys, on)) }}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="No certificates yet"
        emptyText="They appear as soon as a scan finds one or a log has one for your domains."
      />
    </>
  );
}

function NamesCell({ row }: { readonly row: Issuance }) {
  const { sha256, names, subject, nameCount, issuer, worstFinding } = row;
  return (
    <>
      <Host
        host={names[0] ?? (subject === '' ? sha256 : authorityName(subject))}
        href={`/certificates/${sha256}`}
      />{' '}
      {nameCount > 1 ? <span class="muted nowrap">+ {plural(nameCount - 1, 'name')}</span> : null}
      <span class="sub ph">
        <Hostile text={authorityName(issuer)} max={80} />
      </span>
      {worstFinding === null ? null : (
        <span class="ph">
          <WorstFinding finding={worstFinding} />
        </span>
      )}
    </>
  );
}

function WhereCell({ row: { servedCount, logged } }: { readonly row: Issuance }) {
  const text = servedCount > 0 ? plural(servedCount, 'endpoint') : logged ? 'in CT only' : 'known only';
  return <Legs served={servedCount > 0} logged={logged} text={text} />;
}

/** The worst finding about something, as a link. */
export function WorstFinding({ finding }: { readonly finding: Issuance['worstFinding'] }) {
  if (finding === null) return <span class="muted">none</span>;
  return (
    <a href={`/findings/${finding.id}`}>
      <Severity level={finding.severity} plain>
        {finding.rule}
      </Severity>
    </a>
  );
}
