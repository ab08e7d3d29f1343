import type { Examination } from '../api/types.js';
import { Hostile } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { DataTable, type Column } from '../ui/table.js';

type Trust = Examination['trust'][number];

const columns: readonly Column<Trust>[] = [
  { key: 'store', head: 'Root store', cell: ({ store }) => <Hostile text={store} /> },
  {
    key: 'verdict',
    head: 'Verdict',
    cell: ({ grade }) => (
      <State tone={grade === 'valid' ? 'ok' : grade === 'faulty' ? 'warning' : 'error'}>
        {grade === 'valid' ? 'Trusted' : grade === 'faulty' ? 'Trusted, with faults' : 'Not trusted'}
      </State>
    ),
  },
  {
    key: 'path',
    head: 'Path',
    class: 'lo',
    cell: ({ path }) =>
      path.length === 0 ? (
        <span class="muted">none</span>
      ) : (
        <span class="nowrap">{path.length} certificates</span>
      ),
  },
  { key: 'why', head: 'Why', class: 'wide', cell: (trust) => <Reasons trust={trust} /> },
];

/** Whether clients trust it, store by store, and why not. */
export function TrustPanel({ examination }: { readonly examination: Examination }) {
  return (
    <Panel title="Trust, store by store" flush>
      <DataTable
        label="Trust by root store"
        columns={columns}
        loaded={{ error: null, loading: false, reload: () => undefined }}
        rows={examination.trust}
        rowKey={({ store }) => store}
        empty={
          <div class="body pt">
            <p class="sub">No root store is configured, so no path was built.</p>
          </div>
        }
      />
    </Panel>
  );
}

function Reasons({ trust: { errors, warnings } }: { readonly trust: Trust }) {
  const said = [...errors, ...warnings].slice(0, 4);
  if (said.length === 0) return <span class="muted">every check passed</span>;
  return (
    <>
      {said.map(({ code, message, section }) => (
        <div key={code}>
          <Hostile text={message} max={240} />
          <span class="sub">
            <span class="mono">{code}</span>, {section}
          </span>
        </div>
      ))}
    </>
  );
}
