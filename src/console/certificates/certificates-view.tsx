import { useState } from 'preact/hooks';
import { useApi } from '../api/use-api.js';
import type { ListedCertificate } from '../api/types.js';
import { navigate } from '../lib/browser.js';
import { authorityName, keyText, plural } from '../lib/format.js';
import { withKeys } from '../lib/sets.js';
import { sent } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { ChoiceChip, SearchBox, TextChip } from '../ui/filters.js';
import { ListTable } from '../ui/list-table.js';
import { Host, Hostile, Life, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import type { Column } from '../ui/table.js';

const defaults = {
  hostContains: '',
  served: '',
  issuer: '',
  keyType: '',
  spkiSha256: '',
  expiresBefore: '',
  cursor: '',
};

const columns: readonly Column<ListedCertificate>[] = [
  { key: 'names', head: 'Names', class: 'name', cell: (row) => <NamesCell row={row} /> },
  {
    key: 'issuer',
    head: 'Issuer',
    class: 'lo',
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
    cell: ({ notAfter }) => <When at={notAfter} by="end" dateOnly none="unknown" />,
  },
  { key: 'key', head: 'Key', class: 'lo mid', cell: ({ key }) => <span class="nowrap">{keyText(key)}</span> },
];

/** Find any certificate. */
export function CertificatesView() {
  const [state, change] = useViewState(defaults);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const loaded = useApi('GET /api/v1/certificates', {}, { ...sent(state), limit: 50 });
  const [a, b] = [...ticked];
  return (
    <>
      <Head title="Certificates" lede="Everything that is served or was logged for you.">
        <button
          class="btn"
          type="button"
          disabled={ticked.size !== 2}
          onClick={() => navigate(`/certificates/compare?a=${a ?? ''}&b=${b ?? ''}`)}
        >
          Compare 2
        </button>
      </Head>
      <Filters state={state} change={change} />
      <ListTable
        label="Certificates"
        things={['certificate', 'certificates']}
        columns={columns}
        loaded={loaded}
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

function Filters(props: {
  readonly state: typeof defaults;
  readonly change: (part: Partial<typeof defaults>, how?: { readonly replace?: boolean }) => void;
}) {
  const { state, change } = props;
  return (
    <div class="filters">
      <SearchBox
        label="Search certificates"
        placeholder="Part of a name"
        value={state.hostContains}
        change={(hostContains) => change({ hostContains }, { replace: true })}
      />
      <ChoiceChip
        name="Served"
        value={state.served}
        choices={[
          ['true', 'now'],
          ['false', 'not now'],
        ]}
        change={(served) => change({ served })}
      />
      <TextChip
        name="Issuer"
        placeholder="Part of its name"
        value={state.issuer}
        change={(issuer) => change({ issuer })}
      />
      <ChoiceChip
        name="Key"
        value={state.keyType}
        choices={['RSA', 'EC', 'Ed25519'].map((type) => [type, type] as const)}
        change={(keyType) => change({ keyType })}
      />
      <TextChip
        name="Expires before"
        placeholder="2027-01-31"
        value={state.expiresBefore}
        change={(expiresBefore) => change({ expiresBefore })}
      />
      {state.spkiSha256 === '' ? null : (
        <TextChip
          name="Key hash"
          placeholder="SHA-256"
          value={state.spkiSha256}
          change={(spkiSha256) => change({ spkiSha256 })}
        />
      )}
    </div>
  );
}

function NamesCell({
  row: { sha256, names, subject, nameCount, issuer, isPrecertificate },
}: {
  readonly row: ListedCertificate;
}) {
  return (
    <>
      <Host
        host={names[0] ?? (subject === '' ? sha256 : authorityName(subject))}
        href={`/certificates/${sha256}`}
      />{' '}
      {nameCount > 1 ? <span class="muted nowrap">+ {plural(nameCount - 1, 'name')}</span> : null}
      {isPrecertificate ? <span class="sub">precertificate</span> : null}
      <span class="sub ph">
        <Hostile text={authorityName(issuer)} max={80} />
      </span>
    </>
  );
}
