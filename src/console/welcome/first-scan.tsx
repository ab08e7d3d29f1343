import type { ComponentChildren } from 'preact';
import type { CtLog, Overview, Scan } from '../api/types.js';
import { cache, useApi } from '../api/use-api.js';
import { useLocation, useNow } from '../lib/browser.js';
import { count, duration, plural } from '../lib/format.js';
import { Causes } from '../overview/needs-action.js';
import { useFollowing } from '../scans/scans-view.js';
import { LegMark } from '../ui/marks.js';
import { useTitle } from '../ui/page.js';
import { OutcomeBar } from '../ui/stacked-bar.js';
import { Stepper } from './stepper.js';

/** The first scan as it goes: both legs, and findings as they arrive. */
export function FirstScan() {
  useTitle('First scan');
  const { data: overview } = useApi('GET /api/v1/overview');
  const { data: scans } = useApi('GET /api/v1/scans', {}, { limit: 5 });
  const { data: logs } = useApi('GET /api/v1/ct/logs', {}, { limit: 1_000 });
  // The first of all; names that certificates show are scanned after it.
  const scan = scans?.items.at(-1);
  const isOver = scan !== undefined && scan.finishedAt !== null;
  // Findings come a moment after the scan, and logs are followed for ever.
  useFollowing(true, () => cache.invalidate('/api/v1/'), isOver ? 3_000 : 1_000);
  return (
    <>
      <Stepper step={isOver ? 3 : 2} />
      <div class="head">
        <div>
          <h1>{titleOf(overview, scan)}</h1>
          <p class="lede">
            <Since />
          </p>
        </div>
      </div>
      <div class="grid g2">
        <Served scan={scan} />
        <Issued logs={logs?.items ?? []} />
      </div>
      <section class="panel" aria-live="polite">
        <header>
          <h2>First results</h2>
          {isOver ? null : (
            <div class="more">
              <span class="live">arriving</span>
            </div>
          )}
        </header>
        {overview === undefined || overview.causes.length === 0 ? (
          <div class="body">
            <p class="muted">{isOver ? 'Nothing needs action.' : 'Findings appear here as they arrive.'}</p>
          </div>
        ) : (
          <Causes of={overview.causes} />
        )}
      </section>
      <div class="acts">
        <a class="btn primary" href="/">
          Open the overview
        </a>
        <a class="btn" href="/findings">
          All findings
        </a>
      </div>
    </>
  );
}

function titleOf(overview: Overview | undefined, scan: Scan | undefined): string {
  if (overview === undefined || scan === undefined) return 'Starting with your configuration';
  const { certificatesServed } = overview.figures;
  const { causes } = overview.findings;
  const what = causes === 0 ? '' : `, ${plural(causes, 'cause')} to act on`;
  return `${plural(certificatesServed, 'certificate')}${scan.finishedAt === null ? ' so far' : ''}${what}`;
}

function Since() {
  const now = useNow(1_000);
  const since = Date.parse(new URLSearchParams(useLocation().search).get('since') ?? '');
  if (Number.isNaN(since)) return null;
  return <>{duration(Math.max(0, now.getTime() - since))} since the start.</>;
}

function Leg(props: {
  readonly leg: 'served' | 'logged';
  readonly title: string;
  readonly aside: string;
  readonly label: string;
  readonly done: number | null;
  readonly total: number | null;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="panel">
      <header>
        <h2 class="iconed">
          <LegMark leg={props.leg} />
          {props.title}
        </h2>
        <div class="more">{props.aside}</div>
      </header>
      <div class="body stack tight">
        <progress
          aria-label={props.label}
          max={props.total ?? undefined}
          value={props.total === null ? undefined : (props.done ?? 0)}
        />
        {props.children}
      </div>
    </section>
  );
}

function Served({ scan }: { readonly scan: Scan | undefined }) {
  const progress = scan?.progress ?? null;
  const isOver = scan !== undefined && scan.finishedAt !== null;
  return (
    <Leg
      leg="served"
      title="What your machines serve"
      aside={isOver ? 'done' : leftText(progress)}
      label="Endpoints probed"
      done={isOver ? 1 : (progress?.done ?? null)}
      total={isOver ? 1 : (progress?.total ?? null)}
    >
      {scan === undefined ? (
        <p class="sub">The scan begins within seconds.</p>
      ) : (
        <>
          <p class="sub">
            {progress === null
              ? plural(scan.targets, 'endpoint')
              : `${count(progress.done)}${progress.total === null ? '' : ` of ${count(progress.total)}`} endpoints`}
            , {count(scan.outcomes['ok'] ?? 0)} with a certificate.
          </p>
          <OutcomeBar outcomes={scan.outcomes} />
        </>
      )}
    </Leg>
  );
}

function leftText(progress: Scan['progress']): string {
  if (progress === null) return 'starting';
  const { secondsLeft } = progress;
  if (secondsLeft === null) return 'running';
  return secondsLeft < 1 ? 'about to end' : `about ${duration(secondsLeft * 1_000)} left`;
}

function Issued({ logs }: { readonly logs: readonly CtLog[] }) {
  const matched = logs.reduce((sum, { entries }) => sum + entries, 0);
  const connected = logs.filter(({ treeSize }) => treeSize > 0).length;
  return (
    <Leg
      leg="logged"
      title="What CAs issued"
      aside={logs.length === 0 ? '' : connected === 0 ? 'connecting' : 'followed from now on'}
      label="Logs connected"
      done={connected}
      total={logs.length === 0 ? null : logs.length}
    >
      <p class="sub">
        {logs.length === 0
          ? 'No CT log is followed yet.'
          : `${count(connected)} of ${plural(logs.length, 'log')} connected, ${plural(matched, 'certificate')} for you so far.`}
      </p>
    </Leg>
  );
}
