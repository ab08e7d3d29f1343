import { useApi } from '../api/use-api.js';
import { useNow } from '../lib/browser.js';
import { count } from '../lib/format.js';
import { ExpiryPlot } from '../plots/expiry-plot.js';
import { Panel } from '../ui/page.js';
import { Loading } from '../ui/states.js';

/** How far ahead is shown. */
const days = 90;

/** What expires when, and whether a successor is in place. */
export function ExpiryPanel() {
  const now = useNow();
  const { data } = useApi('GET /api/v1/timeline/expiry', {}, { days });
  const sum = (of: 'overdue' | 'notInstalled' | 'onCourse'): number =>
    data?.items.reduce((total, item) => total + item[of], 0) ?? 0;
  return (
    <Panel
      title="What expires, and whether a successor is in place"
      more={<Legend overdue={sum('overdue')} notInstalled={sum('notInstalled')} />}
      note={`Served certificates by day of expiry, next ${days} days. Press a day to see its certificates.`}
    >
      {data === undefined ? (
        <Loading what="timeline" />
      ) : (
        <ExpiryPlot
          days={data.items}
          from={now}
          length={days}
          title={`Served certificates by the day they expire, next ${days} days. ${count(sum('overdue'))} should have been renewed and were not. ${count(sum('notInstalled'))} have a successor that is not installed. ${count(sum('onCourse'))} are not due yet.`}
        />
      )}
    </Panel>
  );
}

function Legend({ overdue, notInstalled }: { readonly overdue: number; readonly notInstalled: number }) {
  const square = (fill: string, hatched = false) => (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      <rect class={fill} width="12" height="12" rx="2" />
      {hatched ? <path class="c-hatch" d="M0 12 12 0M-3 9 9-3M3 15 15 3" /> : null}
    </svg>
  );
  return (
    <ul class="legend">
      <li>
        {square('c-none')}Overdue, nothing issued ({count(overdue)})
      </li>
      <li>
        {square('c-gap', true)}Issued, not installed ({count(notInstalled)})
      </li>
      <li>{square('c-done')}Not due yet</li>
    </ul>
  );
}
