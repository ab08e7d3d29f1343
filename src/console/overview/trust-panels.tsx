import { useApi } from '../api/use-api.js';
import type { Overview } from '../api/types.js';
import { count, duration, percent } from '../lib/format.js';
import { Bars } from '../ui/bars.js';
import { Hostile } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { Framed } from '../ui/table.js';

interface Props {
  readonly overview: Overview;
}

/** Whether our reading of CT shows what we serve, by log operator. */
export function RecallPanel() {
  const { data } = useApi('GET /api/v1/recall', {}, { days: 30 });
  const rows = data?.items.filter(({ served }) => served > 0) ?? [];
  return (
    <Panel
      title="Can this page be trusted?"
      more={<a href="/ct">By log</a>}
      note="Of certificates served with SCTs in 30 days, how many our reading of the logs has shown."
      flush
    >
      {rows.length === 0 ? (
        <div class="body">
          <p class="sub">Not measured yet: no served certificate has SCTs of a followed log.</p>
        </div>
      ) : (
        <Framed label="Recall by log operator">
          <table>
            <caption class="sr">Recall by log operator</caption>
            <thead>
              <tr>
                <th scope="col">Log operator</th>
                <th scope="col" class="num">
                  Served
                </th>
                <th scope="col" class="num">
                  Not seen
                </th>
                <th scope="col" class="num">
                  Recall
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ operator, served, seen }) => (
                <tr key={operator}>
                  <td>
                    <Hostile text={operator} />
                  </td>
                  <td class="num">{count(served)}</td>
                  <td class="num">{count(served - seen)}</td>
                  <td class="num">{percent(seen, served)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Framed>
      )}
    </Panel>
  );
}

/** The logs furthest behind. */
export function LagByLog({ overview: { logs, figures } }: Props) {
  const rows = logs.slice(0, 5);
  const rest = figures.ctLogs - rows.length;
  return (
    <Panel title="CT lag by log" more={<a href="/ct">All {figures.ctLogs}</a>} flush>
      {rows.length === 0 ? (
        <div class="body">
          <p class="sub">No log is followed. Name a log list under ct.logLists in the configuration.</p>
        </div>
      ) : (
        <Framed label="Lag by log">
          <table>
            <caption class="sr">Lag by log</caption>
            <thead>
              <tr>
                <th scope="col">Log</th>
                <th scope="col" class="num">
                  Behind
                </th>
                <th scope="col" class="num">
                  Lag
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ logId, log, behind, lagSeconds }) => (
                <tr key={`${logId} ${behind}`}>
                  <td>
                    <a href={`/ct/${encodeURIComponent(logId)}`}>
                      <Hostile text={log} />
                    </a>
                  </td>
                  <td class="num">{count(behind)}</td>
                  <td class="num">{duration(lagSeconds * 1_000)}</td>
                </tr>
              ))}
              {rest <= 0 ? null : (
                <tr>
                  <td class="muted" colSpan={3}>
                    {count(rest)} more, not further behind
                  </td>
                </tr>
              )}
            </tbody>
          </table>
        </Framed>
      )}
    </Panel>
  );
}

/** What is watched of what should be. */
export function Coverage({ overview: { figures, inventory } }: Props) {
  const rows = [
    ['Endpoints probed today', figures.endpointsObservedToday, figures.endpoints],
    ['Endpoints that answer', figures.endpointsAnswering, figures.endpoints],
    ['CT logs read to the end', figures.ctLogsCurrent, figures.ctLogs],
    ['Inventory sources up to date', inventory.sources - inventory.failing.length, inventory.sources],
  ] as const;
  return (
    <Panel title="Coverage">
      <Bars
        whole={1}
        of={rows.map(([label, part, whole]) => ({
          key: label,
          label,
          shown: `${count(part)} of ${count(whole)}`,
          value: whole === 0 ? 0 : part / whole,
          tone: part === whole ? 'okv' : 'warn',
        }))}
      />
      {inventory.failing.length === 0 ? null : (
        <p class="sub">
          Failing: <Hostile text={inventory.failing.join(', ')} max={200} />. <a href="/inventory">See why</a>
        </p>
      )}
    </Panel>
  );
}
