import type { CertificateDetail } from '../api/types.js';
import { count } from '../lib/format.js';
import { Hostile, When } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { DataTable, type Column } from '../ui/table.js';

type Place = CertificateDetail['logged'][number];

const columns: readonly Column<Place>[] = [
  {
    key: 'log',
    head: 'Log',
    cell: ({ logId, log }) => (
      <a class="rowtitle" href={`/ct/${encodeURIComponent(logId)}`}>
        <Hostile text={log ?? logId} />
      </a>
    ),
  },
  {
    key: 'entry',
    head: 'Entry',
    class: 'num lo',
    cell: ({ leafIndex }) => <span class="mono">{count(leafIndex)}</span>,
  },
  {
    key: 'kind',
    head: 'As',
    class: 'lo',
    cell: ({ entryType }) => (entryType === 'x509' ? 'certificate' : entryType),
  },
  { key: 'time', head: 'Time', cell: ({ timestamp }) => <When at={timestamp} /> },
  {
    key: 'proof',
    head: 'Inclusion',
    cell: ({ verified }) =>
      verified ? <State tone="ok">Proved</State> : <State tone="off">Not proved yet</State>,
  },
];

/** Log entries of the certificate and of its precertificate. */
export function LoggedPanel({ certificate: { logged } }: { readonly certificate: CertificateDetail }) {
  return (
    <Panel
      id="logged"
      title="Logged in"
      aside={logged.length === 0 ? undefined : String(logged.length)}
      flush
    >
      {logged.length === 0 ? (
        <div class="body">
          <p class="sub">
            Not seen in CT. Certificates of private CAs are not logged; for others, see how far each log was
            read.
          </p>
        </div>
      ) : (
        <DataTable
          label="Log entries"
          columns={columns}
          loaded={{ error: null, loading: false, reload: () => undefined }}
          rows={logged}
          rowKey={({ logId, leafIndex }) => `${logId} ${leafIndex}`}
          empty={null}
        />
      )}
    </Panel>
  );
}
