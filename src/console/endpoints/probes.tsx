import { useApi } from '../api/use-api.js';
import type { Observation } from '../api/types.js';
import { duration } from '../lib/format.js';
import { outcomeTone } from '../lib/outcomes.js';
import { Hash, Hostile, When } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { DataTable, type Column } from '../ui/table.js';

const columns: readonly Column<Observation>[] = [
  { key: 'when', head: 'When', cell: ({ observedAt }) => <When at={observedAt} /> },
  {
    key: 'outcome',
    head: 'Outcome',
    cell: ({ outcome, detail }) => (
      <>
        <State tone={outcomeTone(outcome)}>{outcome}</State>
        {detail === null ? null : (
          <span class="sub wrap">
            <Hostile text={detail} max={160} />
          </span>
        )}
      </>
    ),
  },
  {
    key: 'certificate',
    head: 'Certificate',
    class: 'lo',
    cell: ({ certificateSha256: hash }) =>
      hash === null ? null : <Hash hex={hash} href={`/certificates/${hash}`} />,
  },
  {
    key: 'tls',
    head: 'TLS',
    class: 'lo',
    cell: ({ tls }) => [tls?.version?.replace('TLSv', 'TLS '), tls?.group].filter(Boolean).join(', '),
  },
  { key: 'took', head: 'Took', class: 'num', cell: ({ durationMs }) => duration(durationMs) },
];

/** The latest probes of an endpoint. */
export function Probes({ endpointKey }: { readonly endpointKey: string }) {
  const loaded = useApi('GET /api/v1/observations', {}, { endpointKey, limit: 20 });
  return (
    <Panel title="Probes" aside="latest 20" flush>
      <DataTable
        label="Latest probes"
        columns={columns}
        loaded={loaded}
        rows={loaded.data?.items}
        rowKey={({ observedAt, scanId }) => `${observedAt} ${scanId}`}
        empty={null}
      />
    </Panel>
  );
}
