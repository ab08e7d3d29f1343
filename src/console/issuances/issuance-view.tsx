import { useApi } from '../api/use-api.js';
import type { DeployGap, Endpoint, RelatedCertificate } from '../api/types.js';
import { useNow } from '../lib/browser.js';
import { authorityName, day, duration, minute, plural } from '../lib/format.js';
import { hostPort } from '../lib/host-parts.js';
import { useRescan } from '../endpoints/rescan.js';
import { NotFound } from '../not-found.js';
import { GapPlot } from '../plots/gap-plot.js';
import { Hash, Host, Hostile, When } from '../ui/marks.js';
import { Facts, Head, Panel } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { Callout, Failure, Loading } from '../ui/states.js';
import { DataTable, type Column } from '../ui/table.js';

/** Renewed, but not installed everywhere: who serves what, and how long there is. */
export function IssuanceView({ names }: { readonly names: Readonly<Record<string, string>> }) {
  const loaded = useApi('GET /api/v1/issuances/{tbsSha256}', { tbsSha256: names['tbsSha256'] ?? '' });
  if (loaded.error?.status === 404 || loaded.error?.status === 400)
    return <NotFound what="No issuance has this hash." />;
  if (loaded.data === undefined && loaded.error !== null)
    return <Failure error={loaded.error} retry={loaded.reload} />;
  if (loaded.data === undefined) return <Loading what="issuance" lines={8} />;
  return <IssuancePage gap={loaded.data} reload={loaded.reload} />;
}

/** The older and the newer certificate of a gap: the issuance and its successor, or its predecessor and the issuance. */
function pairOf(gap: DeployGap): readonly [RelatedCertificate | null, RelatedCertificate | null] {
  const own = gap.certificates.find(({ servedCount }) => servedCount > 0) ?? gap.certificates[0] ?? null;
  return gap.successor === null ? [gap.predecessor, own] : [own, gap.successor];
}

function IssuancePage({ gap, reload }: { readonly gap: DeployGap; readonly reload: () => void }) {
  const [old, renewed] = pairOf(gap);
  const places = [...new Set(gap.endpoints.map(({ target }) => hostPort(target.host, target.port)))].slice(
    0,
    1_000,
  );
  const { button, progress } = useRescan(places, reload);
  const name = (renewed ?? old)?.names[0] ?? 'Issuance';
  const stale = gap.endpoints.filter(({ chain }) => chain[0] === old?.sha256).length;
  const title =
    stale === 0
      ? `${name}: nothing is left to install`
      : `${stale} of ${plural(gap.endpoints.length, 'endpoint')} still serve the old certificate`;
  return (
    <>
      <Head
        title={title}
        crumbs={[['Certificates', '/certificates'], [name]]}
        lede={
          <>
            <Host host={name} />
            {gap.renewedBeforeDays === null
              ? '.'
              : `, renewed ${Math.round(gap.renewedBeforeDays)} days before the end of what it replaced.`}
          </>
        }
      >
        {button}
      </Head>
      {progress}
      {old === null || renewed === null ? (
        <Callout tone="notice">
          Only one certificate of these names is known: there is nothing to compare.
        </Callout>
      ) : (
        <Pair gap={gap} old={old} renewed={renewed} stale={stale} />
      )}
      <Endpoints gap={gap} old={old} reload={reload} />
    </>
  );
}

function Pair(props: {
  readonly gap: DeployGap;
  readonly old: RelatedCertificate;
  readonly renewed: RelatedCertificate;
  readonly stale: number;
}) {
  const { gap, old, renewed, stale } = props;
  const now = useNow();
  const end = gap.outageAt === null ? null : new Date(gap.outageAt);
  const dates = [old.notBefore, old.notAfter, renewed.notBefore, renewed.notAfter].map((at) => at ?? '');
  const [oldFrom = '', oldTo = '', newFrom = '', newTo = ''] = dates;
  return (
    <>
      <div class="panel hero">
        <div>
          {end === null ? (
            <State tone="ok">Installed everywhere</State>
          ) : (
            <>
              {end > now ? 'Outage in' : 'Expired'}
              <div class="countdown">
                {end > now
                  ? duration(end.getTime() - now.getTime())
                  : `${duration(now.getTime() - end.getTime())} ago`}
              </div>
              <span class="sub">{minute(end)}</span>
              <span class="sub">
                Your time: {end.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
              </span>
            </>
          )}
        </div>
        <div class="grid g2">
          <CertificateFacts word="Old" certificate={old} count={stale} />
          <CertificateFacts word="New" certificate={renewed} count={renewed.servedCount} />
        </div>
      </div>
      {dates.includes('') ? null : (
        <Panel title="Who served what" more={<Legend />}>
          <GapPlot
            gap={gap}
            old={{ sha256: old.sha256, from: new Date(oldFrom), to: new Date(oldTo) }}
            renewed={{ from: new Date(newFrom), to: new Date(newTo) }}
            title={`${stale} of ${gap.endpoints.length} endpoints serve the certificate that ends on ${day(new Date(oldTo))}.`}
          />
        </Panel>
      )}
    </>
  );
}

function CertificateFacts(props: {
  readonly word: string;
  readonly certificate: RelatedCertificate;
  readonly count: number;
}) {
  const { sha256, issuer, notBefore, notAfter } = props.certificate;
  return (
    <Facts
      of={[
        [props.word, <Hash hex={sha256} href={`/certificates/${sha256}`} />],
        ['Issuer', <Hostile text={authorityName(issuer)} max={120} />],
        [
          'Life',
          notBefore === null || notAfter === null
            ? null
            : `${day(new Date(notBefore))} to ${day(new Date(notAfter))}`,
        ],
        ['Served by', <strong>{plural(props.count, 'endpoint')}</strong>],
      ]}
    />
  );
}

function Legend() {
  const items = [
    ['b-old', 'old'],
    ['p-new', 'new'],
    ['b-risk', 'time left'],
    ['b-dead', 'expired'],
  ] as const;
  return (
    <ul class="legend">
      {items.map(([fill, word]) => (
        <li key={word}>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <rect class={fill} x="0.5" y="0.5" width="11" height="11" />
          </svg>
          {word}
        </li>
      ))}
    </ul>
  );
}

function Endpoints(props: {
  readonly gap: DeployGap;
  readonly old: RelatedCertificate | null;
  readonly reload: () => void;
}) {
  const isOld = ({ chain }: Endpoint): boolean => chain[0] === props.old?.sha256;
  const columns: readonly Column<Endpoint>[] = [
    {
      key: 'endpoint',
      head: 'Endpoint',
      class: 'name',
      cell: ({ key, target }) => (
        <>
          <Host host={target.host} port={target.port} href={`/endpoints/${encodeURIComponent(key)}`} />
          <span class="sub mono">{target.address}</span>
        </>
      ),
    },
    {
      key: 'serves',
      head: 'Serves',
      cell: (endpoint) =>
        isOld(endpoint) ? <State tone="critical">old</State> : <State tone="ok">new</State>,
    },
    { key: 'last', head: 'Last probe', cell: ({ lastObservedAt }) => <When at={lastObservedAt} /> },
  ];
  return (
    <Panel
      title={plural(props.gap.endpoints.length, 'endpoint')}
      more={<span class="muted">old first</span>}
      flush
    >
      <DataTable
        label="Endpoints, old first"
        columns={columns}
        loaded={{ error: null, loading: false, reload: props.reload }}
        rows={props.gap.endpoints.toSorted((a, b) => Number(isOld(b)) - Number(isOld(a)))}
        rowKey={({ key }) => key}
        empty={null}
      />
    </Panel>
  );
}
