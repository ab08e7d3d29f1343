import type { Overview } from '../api/types.js';
import { count, percent, plural } from '../lib/format.js';
import { Stats } from '../ui/page.js';

/** What there is, in six figures. */
export function Figures({ overview: { figures, scans } }: { readonly overview: Overview }) {
  const unlisted = figures.certificatesServed - figures.servedInInventory;
  const behind = figures.ctLogs - figures.ctLogsCurrent;
  return (
    <Stats
      of={[
        [
          'Certificates served',
          <a href="/certificates?served=true">{count(figures.certificatesServed)}</a>,
          `${count(figures.certificatesValid)} issued and still valid`,
        ],
        [
          'Endpoints that answer',
          <a href="/endpoints?outcome=ok">{count(figures.endpointsAnswering)}</a>,
          `of ${count(figures.endpoints)}, ${count(figures.endpointsObservedToday)} probed today`,
        ],
        ['Names', <a href="/names">{count(figures.names)}</a>, 'in all certificates'],
        [
          'In an inventory',
          <a href="/inventory">{percent(figures.servedInInventory, figures.certificatesServed) ?? 'none'}</a>,
          unlisted === 0 ? 'all served certificates' : `${plural(unlisted, 'served certificate')} not listed`,
        ],
        [
          'CT logs read to the end',
          <a href="/ct">
            {figures.ctLogsCurrent} of {figures.ctLogs}
          </a>,
          behind === 0 ? 'none is behind' : `${behind} behind`,
        ],
        [
          'Scans running',
          <a href="/scans">{scans.running}</a>,
          scans.lastFinishedAt === null ? 'none finished yet' : 'others are finished',
        ],
      ]}
    />
  );
}
