import { useApi } from '../api/use-api.js';
import type { CtLog, CtMatch, CtLogDetail } from '../api/types.js';
import { count, duration } from '../lib/format.js';
import { useViewState } from '../lib/view-state.js';
import { NotFound } from '../not-found.js';
import { ListTable } from '../ui/list-table.js';
import { Hash, Host, Hostile, When } from '../ui/marks.js';
import { Facts, Head, Panel } from '../ui/page.js';
import { Severity, State } from '../ui/severity.js';
import { Failure, Loading } from '../ui/states.js';
import type { Column } from '../ui/table.js';
import { isBehind } from './logs-view.js';

const defaults = { cursor: '' };

const columns: readonly Column<CtMatch>[] = [
  {
    key: 'names',
    head: 'Names',
    class: 'name',
    cell: ({ names, sha256, subject }) => (
      <Host host={names[0] ?? subject ?? sha256} href={`/certificates/${sha256}`} />
    ),
  },
  {
    key: 'why',
    head: 'Matched',
    cell: ({ matches }) => (
      <Hostile text={matches.map(({ watch, item }) => `${watch}: ${item}`).join(', ')} max={120} />
    ),
  },
  {
    key: 'entry',
    head: 'Entry',
    class: 'num lo',
    cell: ({ leafIndex }) => <span class="mono">{count(leafIndex)}</span>,
  },
  { key: 'time', head: 'Logged', cell: ({ timestamp }) => <When at={timestamp} /> },
  {
    key: 'proof',
    head: 'Inclusion',
    class: 'lo',
    cell: ({ verified }) =>
      verified ? <State tone="ok">Proved</State> : <State tone="off">Not proved yet</State>,
  },
];

/** One log: how far it was read, what it had for us, and what is wrong with it. */
export function LogView({ names }: { readonly names: Readonly<Record<string, string>> }) {
  const logId = names['logId'] ?? '';
  const loaded = useApi('GET /api/v1/ct/logs/{logId}', { logId });
  if (loaded.error?.status === 404 || loaded.error?.status === 400)
    return <NotFound what="No followed log has this id." />;
  if (loaded.data === undefined && loaded.error !== null)
    return <Failure error={loaded.error} retry={loaded.reload} />;
  if (loaded.data === undefined) return <Loading what="log" lines={6} />;
  return <LogPage log={loaded.data} />;
}

function LogPage({ log }: { readonly log: CtLogDetail }) {
  const [position] = log.positions;
  const title = position?.description ?? log.logId;
  return (
    <>
      <Head
        title={title}
        shown={<Hostile text={title} />}
        crumbs={[['CT logs', '/ct'], [title]]}
        lede={
          position === undefined ? undefined : (
            <Hostile
              text={[position.operator, position.protocol, position.state ?? '', position.url]
                .filter(Boolean)
                .join(', ')}
            />
          )
        }
      />
      {log.findings.length === 0 ? null : (
        <Panel title="Findings">
          <ul class="stack tight">
            {log.findings.map(({ id, severity, title: text }) => (
              <li key={id} class="summary-line">
                <Severity level={severity} />
                <a class="rowtitle" href={`/findings/${id}`}>
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <div class="grid g2">
        {log.positions.map((one) => (
          <Position key={one.cursor} position={one} logId={log.logId} />
        ))}
      </div>
      <Matches logId={log.logId} matched24h={log.matched24h} />
    </>
  );
}

function Position({ position, logId }: { readonly position: CtLog; readonly logId: string }) {
  const { cursor, verifiedIndex, treeSize, behind, lagSeconds, entriesPerSecond, budget, lastError } =
    position;
  return (
    <Panel title={cursor === 'backfill' ? 'The past' : 'The present'}>
      <div class="stack tight">
        <State tone={isBehind(position) ? 'warning' : 'ok'}>
          {behind === 0 ? 'Read to its end' : `${count(behind)} entries behind`}
        </State>
        <progress max={Math.max(1, treeSize)} value={verifiedIndex} aria-label="Entries read" />
      </div>
      <Facts
        of={[
          ['Read to', `${count(verifiedIndex)} of ${count(treeSize)}`],
          ['Lag', duration(lagSeconds * 1_000)],
          ['Rate', `${count(entriesPerSecond)} entries per second`],
          ['Newest entry', <When at={position.newestEntryAt} none="none" />],
          ['Requests', budget === null ? null : `${budget.active} active, ${budget.waiting} waiting`],
          ['Last error', lastError === null ? null : <Hostile text={lastError} max={300} />],
          ['Log id', <Hash hex={logId} what="log id" />],
        ]}
      />
    </Panel>
  );
}

function Matches({ logId, matched24h }: { readonly logId: string; readonly matched24h: number | null }) {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/ct/matches', {}, { logId, cursor: state.cursor, limit: 50 });
  return (
    <Panel
      title="Matched entries"
      aside={matched24h === null ? undefined : `${count(matched24h)} in the last 24 h`}
      flush
    >
      <ListTable
        label="Matched entries, latest first"
        things={['entry', 'entries']}
        columns={columns}
        loaded={loaded}
        rowKey={({ leafIndex }) => String(leafIndex)}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="Nothing matched yet"
        emptyText="Entries appear once the log has certificates for your domains or watch list."
      />
    </Panel>
  );
}
