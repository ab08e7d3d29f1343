import type { CertificateDetail, RelatedCertificate } from '../api/types.js';
import { authorityName, plural } from '../lib/format.js';
import { Host, Hostile, When } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { DataTable, type Column } from '../ui/table.js';

const columns: readonly Column<RelatedCertificate>[] = [
  {
    key: 'certificate',
    head: 'Certificate',
    cell: ({ sha256, names, subject, issuer }) => (
      <>
        <Host host={names[0] ?? subject} href={`/certificates/${sha256}`} />
        <span class="sub">
          <Hostile text={authorityName(issuer)} max={80} />
        </span>
      </>
    ),
  },
  {
    key: 'where',
    head: 'Where',
    cell: ({ servedCount }) =>
      servedCount === 0 ? <span class="muted">not served</span> : plural(servedCount, 'endpoint'),
  },
  {
    key: 'expires',
    head: 'Expires',
    class: 'lo',
    cell: ({ notAfter }) => <When at={notAfter} by="end" dateOnly />,
  },
];

/** Other certificates with the same key: a compromise of one is a compromise of all. */
export function SameKeyPanel({ certificate: { sameKey } }: { readonly certificate: CertificateDetail }) {
  if (sameKey.length === 0) return null;
  return (
    <Panel
      title="Same key elsewhere"
      aside={String(sameKey.length)}
      note="If the key is compromised, all of these must be revoked."
      flush
    >
      <DataTable
        label="Certificates with the same key"
        columns={columns}
        loaded={{ error: null, loading: false, reload: () => undefined }}
        rows={sameKey}
        rowKey={({ sha256 }) => sha256}
        empty={null}
      />
    </Panel>
  );
}
