import { useApi } from '../api/use-api.js';
import type { Overview } from '../api/types.js';
import { longMinute } from '../lib/format.js';
import { Icon } from '../ui/icon.js';
import { Head } from '../ui/page.js';
import { Failure, Loading } from '../ui/states.js';
import { Figures } from './figures.js';
import { NeedsAction } from './needs-action.js';
import { ByEnvironment, ByIssuer, ByOwner } from './shares.js';
import { ExpiryPanel } from './expiry-panel.js';
import { Coverage, LagByLog, RecallPanel } from './trust-panels.js';

/** What to do now, and how long there is. */
export function OverviewView() {
  const loaded = useApi('GET /api/v1/overview');
  const { data, error } = loaded;
  return (
    <>
      <Head title="Overview" lede={data === undefined ? undefined : longMinute(new Date(data.at))}>
        <button class="btn" type="button" onClick={() => print()}>
          Print
        </button>
        <a class="btn" href="/api/v1/findings?state=open&format=csv" download>
          <Icon name="download" />
          Export findings
        </a>
      </Head>
      {data === undefined ? (
        error === null ? (
          <Loading what="overview" lines={10} />
        ) : (
          <Failure error={error} retry={loaded.reload} />
        )
      ) : (
        <Body overview={data} />
      )}
    </>
  );
}

function Body({ overview }: { readonly overview: Overview }) {
  return (
    <>
      <NeedsAction overview={overview} />
      <Figures overview={overview} />
      <ExpiryPanel />
      <div class="grid g3">
        <RecallPanel />
        <LagByLog overview={overview} />
        <Coverage overview={overview} />
      </div>
      <div class="grid g3">
        <ByIssuer overview={overview} />
        <ByEnvironment overview={overview} />
        <ByOwner overview={overview} />
      </div>
    </>
  );
}
