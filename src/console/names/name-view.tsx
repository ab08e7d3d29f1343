import { useApi } from '../api/use-api.js';
import type { DomainFigures, Issuance } from '../api/types.js';
import { WorstFinding } from '../certificates/certificates-view.js';
import { authorityName, count, plural } from '../lib/format.js';
import { sent, writeState } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { NotFound } from '../not-found.js';
import { MonthPlot } from '../plots/month-plot.js';
import { Bars } from '../ui/bars.js';
import { Segments } from '../ui/filters.js';
import { Icon } from '../ui/icon.js';
import { ListTable } from '../ui/list-table.js';
import { Host, Hostile, Legs, Life, When } from '../ui/marks.js';
import { Head, Panel, Stats } from '../ui/page.js';
import { Failure, Loading } from '../ui/states.js';
import type { Column } from '../ui/table.js';

const defaults = { everServed: '', expired: 'false', cursor: '' };

const columns: readonly Column<Issuance>[] = [
  {
    key: 'names',
    head: 'Names',
    class: 'name',
    cell: ({ names, sha256, nameCount }) => (
      <>
        <Host host={names[0] ?? sha256} href={`/certificates/${sha256}`} />
        {nameCount > 1 ? <span class="sub">+ {plural(nameCount - 1, 'name')}</span> : null}
      </>
    ),
  },
  {
    key: 'issuer',
    head: 'Issuer',
    class: 'lo',
    cell: ({ issuer }) => <Hostile text={authorityName(issuer)} max={80} />,
  },
  { key: 'issued', head: 'Issued', cell: ({ notBefore }) => <When at={notBefore} dateOnly none="unknown" /> },
  {
    key: 'life',
    head: 'Life',
    class: 'lo lifecol',
    cell: (row) => <Life from={row.notBefore} to={row.notAfter} />,
  },
  {
    key: 'where',
    head: 'Where',
    cell: ({ servedCount, logged }) => (
      <Legs
        served={servedCount > 0}
        logged={logged}
        text={servedCount > 0 ? plural(servedCount, 'endpoint') : 'not served'}
      />
    ),
  },
  {
    key: 'worst',
    head: 'Worst finding',
    class: 'lo',
    cell: (row) => <WorstFinding finding={row.worstFinding} />,
  },
];

/** Everything ever issued for a domain and the names below it, served or not. */
export function NameView({ names }: { readonly names: Readonly<Record<string, string>> }) {
  const domain = names['domain'] ?? '';
  const loaded = useApi('GET /api/v1/names/{domain}', { domain });
  if (loaded.error?.status === 404 || loaded.error?.status === 400)
    return <NotFound what="No certificate has this name." />;
  if (loaded.data === undefined && loaded.error !== null)
    return <Failure error={loaded.error} retry={loaded.reload} />;
  return (
    <>
      <NameHead domain={domain} />
      {loaded.data === undefined ? <Loading what="figures" /> : <Figures figures={loaded.data} />}
      <IssuedList domain={domain} />
      {loaded.data === undefined ? null : <ByAuthority figures={loaded.data} />}
    </>
  );
}

function NameHead({ domain }: { readonly domain: string }) {
  return (
    <Head
      title={`Everything issued for ${domain}`}
      shown={
        <>
          Everything ever issued for{' '}
          <span class="mono">
            <Hostile text={domain} max={255} />
          </span>
        </>
      }
      crumbs={[['Names', '/names'], [domain]]}
      lede="And for the names below it. From CT and from scans, served or not."
    >
      <a
        class="btn"
        href={`/api/v1/certificates?hostSuffix=${encodeURIComponent(domain)}&group=issuance&format=csv`}
        download
      >
        <Icon name="download" />
        Export CSV
      </a>
      <button class="btn" type="button" onClick={() => print()}>
        Print for audit
      </button>
    </Head>
  );
}

function Figures({ figures }: { readonly figures: DomainFigures }) {
  const { certificates, unexpired, servedNow, everServed, byIssuer, byMonth, domain } = figures;
  return (
    <>
      <Stats
        of={[
          ['Issued ever', count(certificates), 'known from CT and scans'],
          ['Valid now', count(unexpired), 'not expired'],
          ['Served now', count(servedNow), `${count(everServed)} were served at some time`],
          ['Never served', count(certificates - everServed), 'not seen on any endpoint'],
          ['CAs', count(byIssuer.length), `for ${plural(figures.names, 'name')}`],
        ]}
      />
      {byMonth.length === 0 ? null : (
        <Panel title="Issued each month" more={<Legend />}>
          <MonthPlot months={byMonth} domain={domain} />
        </Panel>
      )}
    </>
  );
}

function Legend() {
  return (
    <ul class="legend">
      {[
        ['p-new', 'seen on an endpoint'],
        ['p-issued', 'never served'],
      ].map(([fill, word]) => (
        <li key={word}>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <rect class={fill} width="12" height="12" rx="2" />
          </svg>
          {word}
        </li>
      ))}
    </ul>
  );
}

function IssuedList({ domain }: { readonly domain: string }) {
  const [state, change] = useViewState(defaults);
  const query = { ...sent(state), hostSuffix: domain, group: 'issuance', sort: '-notBefore', limit: 50 };
  const loaded = useApi('GET /api/v1/certificates', {}, query);
  const data = loaded.data && {
    ...loaded.data,
    items: loaded.data.items.filter((item) => 'servedCount' in item),
  };
  return (
    <>
      <div class="filters">
        <Segments
          label="Which"
          value={state.everServed}
          choices={[
            ['', 'All'],
            ['false', 'Never served'],
            ['true', 'Served'],
          ]}
          change={(everServed) => change({ everServed })}
        />
        <a
          class="btn quiet"
          href={
            location.pathname +
            writeState({ ...state, cursor: '', expired: state.expired === '' ? 'false' : '' }, defaults)
          }
        >
          {state.expired === '' ? 'Hide expired' : 'Show expired'}
        </a>
      </div>
      <ListTable
        label={`Certificates issued for ${domain}`}
        things={['certificate', 'certificates']}
        columns={columns}
        loaded={{ ...loaded, data }}
        rowKey={({ sha256 }) => sha256}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="No certificate is valid now"
      />
    </>
  );
}

function ByAuthority({ figures: { byIssuer } }: { readonly figures: DomainFigures }) {
  return (
    <Panel title="By CA">
      <Bars
        of={byIssuer.slice(0, 12).map(({ issuer, certificates }) => ({
          key: issuer,
          label: <Hostile text={authorityName(issuer)} max={80} />,
          shown: count(certificates),
          value: certificates,
          tone: 'v2' as const,
        }))}
      />
    </Panel>
  );
}
