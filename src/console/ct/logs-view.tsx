import { useApi } from '../api/use-api.js';
import type { CtLog } from '../api/types.js';
import { count, duration, plural } from '../lib/format.js';
import { useViewState } from '../lib/view-state.js';
import { SearchBox, ChoiceChip } from '../ui/filters.js';
import { NothingFits } from '../ui/list-table.js';
import { Hostile } from '../ui/marks.js';
import { Head, Stats } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { Callout, Empty } from '../ui/states.js';
import { DataTable, type Column } from '../ui/table.js';

const defaults = { q: '', operator: '', state: '', cursor: '' };
/** A log is late once this much time passed since everything was read. */
const lateSeconds = 600;

/** True when a log was not read to its end for longer than a reading takes. */
export function isBehind({ lagSeconds }: Pick<CtLog, 'lagSeconds'>): boolean {
  return lagSeconds > lateSeconds;
}

const columns: readonly Column<CtLog>[] = [
  {
    key: 'log',
    head: 'Log',
    cell: (log) => (
      <>
        <a class="rowtitle" href={`/ct/${encodeURIComponent(log.logId)}`}>
          <Hostile text={log.description} />
        </a>
        <span class="sub">
          <Hostile
            text={[log.operator, log.protocol, log.state].filter((part) => part !== null).join(', ')}
          />
        </span>
      </>
    ),
  },
  { key: 'state', head: 'State', cell: (log) => <LogState log={log} /> },
  { key: 'read', head: 'Read to', class: 'num lo', cell: ({ verifiedIndex }) => count(verifiedIndex) },
  { key: 'behind', head: 'Behind', class: 'num', cell: ({ behind }) => count(behind) },
  {
    key: 'lag',
    head: 'Lag',
    class: 'num',
    cell: (log) => <span class={isBehind(log) ? 'when late' : ''}>{duration(log.lagSeconds * 1_000)}</span>,
  },
  {
    key: 'eta',
    head: 'Done in',
    class: 'num lo',
    cell: ({ etaSeconds, behind }) =>
      behind === 0 ? (
        <span class="muted">read</span>
      ) : etaSeconds === null ? (
        <span class="muted">unknown</span>
      ) : (
        duration(etaSeconds * 1_000)
      ),
  },
  {
    key: 'rate',
    head: 'Entries/s',
    class: 'num lo',
    cell: ({ entriesPerSecond }) => count(entriesPerSecond),
  },
  { key: 'matched', head: 'Matched', class: 'num lo mid', cell: ({ entries }) => count(entries) },
];

/** Is our ear to the ground: how far each log was read. */
export function LogsView() {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/ct/logs', {}, { limit: 1_000 });
  const logs = loaded.data?.items;
  const shown = logs
    ?.filter((log) => fits(log, state))
    .toSorted((a, b) => b.lagSeconds - a.lagSeconds || b.behind - a.behind);
  return (
    <>
      <Head
        title="CT logs"
        lede="Every log is read to its end and proved against its signed tree head. Nothing is taken on trust."
      />
      {logs === undefined || logs.length === 0 ? null : <LogFigures logs={logs} />}
      {logs
        ?.filter(isBehind)
        .slice(0, 3)
        .map((log) => (
          <BehindCallout key={`${log.logId} ${log.cursor}`} log={log} />
        ))}
      <LogFilters state={state} change={change} logs={logs ?? []} />
      <DataTable
        label="CT logs, furthest behind first"
        columns={columns}
        loaded={loaded}
        rows={shown}
        rowKey={({ logId, cursor }) => `${logId} ${cursor}`}
        empty={
          (logs?.length ?? 0) > 0 ? (
            <NothingFits things="logs" clear={() => change(defaults)} />
          ) : (
            <Empty mood="none" title="No log is followed">
              Name a log list under ct.logLists in the configuration. Without one, only what your machines
              serve is known.
            </Empty>
          )
        }
      />
    </>
  );
}

function LogFilters(props: {
  readonly state: typeof defaults;
  readonly change: (part: Partial<typeof defaults>, how?: { readonly replace?: boolean }) => void;
  readonly logs: readonly CtLog[];
}) {
  const { state, change } = props;
  const operators = [...new Set(props.logs.map(({ operator }) => operator))].toSorted();
  return (
    <div class="filters">
      <SearchBox
        label="Search logs"
        placeholder="Log or operator"
        value={state.q}
        change={(q) => change({ q }, { replace: true })}
      />
      <ChoiceChip
        name="Operator"
        value={state.operator}
        choices={operators.map((operator) => [operator, operator] as const)}
        change={(operator) => change({ operator })}
      />
      <ChoiceChip
        name="State"
        value={state.state}
        choices={[
          ['behind', 'Behind'],
          ['current', 'Current'],
        ]}
        change={(chosen) => change({ state: chosen })}
      />
    </div>
  );
}

function fits(log: CtLog, { q, operator, state }: typeof defaults): boolean {
  const text = `${log.description} ${log.operator}`.toLowerCase();
  return (
    text.includes(q.toLowerCase()) &&
    (operator === '' || log.operator === operator) &&
    (state === '' || isBehind(log) === (state === 'behind'))
  );
}

function LogState({ log }: { readonly log: CtLog }) {
  const text = log.cursor === 'backfill' ? 'Reading the past' : isBehind(log) ? 'Behind' : 'Current';
  return (
    <>
      <State tone={isBehind(log) ? 'warning' : 'ok'}>{text}</State>
      {log.lastError === null ? null : (
        <span class="sub lo wrap">
          <Hostile text={log.lastError} max={160} />
        </span>
      )}
    </>
  );
}

function LogFigures({ logs }: { readonly logs: readonly CtLog[] }) {
  const late = logs.filter(isBehind).length;
  const sum = (of: (log: CtLog) => number): string => count(logs.reduce((total, log) => total + of(log), 0));
  return (
    <Stats
      of={[
        ['Logs', count(logs.length), `${logs.length - late} current, ${late} behind`],
        ['Entries read', `${sum((log) => log.entriesPerSecond)}/s`, 'all logs together'],
        ['Proved', sum((log) => log.verifiedIndex), 'entries against a signed tree head'],
        ['Not read yet', sum((log) => log.behind), 'entries'],
        ['Matched', sum((log) => log.entries), 'entries stored'],
      ]}
    />
  );
}

function BehindCallout({ log }: { readonly log: CtLog }) {
  return (
    <Callout tone="warning">
      <strong>
        <Hostile text={log.description} /> is {duration(log.lagSeconds * 1_000)} behind.
      </strong>{' '}
      Certificates in the {plural(log.behind, 'unread entry', 'unread entries')} are not known yet.
      {log.etaSeconds === null
        ? null
        : ` It will be read to its end in about ${duration(log.etaSeconds * 1_000)}.`}
    </Callout>
  );
}
