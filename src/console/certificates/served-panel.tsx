import type { CertificateDetail } from '../api/types.js';
import { hostPort } from '../lib/host-parts.js';
import { useRescan } from '../endpoints/rescan.js';
import { Host, When } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { DataTable, type Column } from '../ui/table.js';

type Served = CertificateDetail['servedNow'][number] & { readonly since: string | null };

const columns: readonly Column<Served>[] = [
  {
    key: 'endpoint',
    head: 'Endpoint',
    class: 'name',
    cell: ({ key, target }) => (
      <Host host={target.host} port={target.port} href={`/endpoints/${encodeURIComponent(key)}`} />
    ),
  },
  {
    key: 'address',
    head: 'Address',
    class: 'lo',
    cell: ({ target }) => <span class="host">{target.address}</span>,
  },
  { key: 'since', head: 'Since', cell: ({ since }) => <When at={since} none="unknown" /> },
  { key: 'last', head: 'Last probe', cell: ({ lastObservedAt }) => <When at={lastObservedAt} /> },
];

/** Endpoints whose last certificate this is, with a way to probe them all again. */
export function ServedPanel(props: { readonly certificate: CertificateDetail; readonly reload: () => void }) {
  const { servedNow, servedEver } = props.certificate;
  const since = new Map(servedEver.map(({ endpointKey, firstSeenAt }) => [endpointKey, firstSeenAt]));
  const rows = servedNow.map((endpoint) => ({ ...endpoint, since: since.get(endpoint.key) ?? null }));
  const places = [...new Set(servedNow.map(({ target }) => hostPort(target.host, target.port)))].slice(
    0,
    1_000,
  );
  const { button, progress } = useRescan(places, props.reload);
  return (
    <>
      {progress}
      <Panel
        id="served"
        title="Served by"
        aside={rows.length === 0 ? undefined : String(rows.length)}
        more={places.length === 0 ? undefined : button}
        flush
      >
        {rows.length === 0 ? (
          <div class="body">
            <p class="sub">
              No endpoint serves it now.{' '}
              {servedEver.length > 0
                ? `${servedEver.length} served it before.`
                : 'None was seen to serve it.'}
            </p>
          </div>
        ) : (
          <DataTable
            label="Endpoints that serve it"
            columns={columns}
            loaded={{ error: null, loading: false, reload: props.reload }}
            rows={rows}
            rowKey={({ key }) => key}
            empty={null}
          />
        )}
      </Panel>
    </>
  );
}
