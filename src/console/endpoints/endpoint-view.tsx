import { useApi } from '../api/use-api.js';
import type { Endpoint, EndpointDetail } from '../api/types.js';
import { duration, minute } from '../lib/format.js';
import { hostPort } from '../lib/host-parts.js';
import { outcomeTone } from '../lib/outcomes.js';
import { NotFound } from '../not-found.js';
import { Icon } from '../ui/icon.js';
import { HistoryPlot } from '../plots/history-plot.js';
import { copyText, Hash, Hostile, Instant } from '../ui/marks.js';
import { Facts, Head, Panel } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { Probes } from './probes.js';
import { useRescan } from './rescan.js';
import { ServesNow } from './serves-now.js';
import { SurveyTable } from './survey-table.js';

/** One endpoint: what it serves, what TLS it accepts, and every probe. */
export function EndpointView({ names }: { readonly names: Readonly<Record<string, string>> }) {
  const key = names['key'] ?? '';
  const loaded = useApi('GET /api/v1/endpoints/{key}', { key });
  if (loaded.error?.status === 404 || loaded.error?.status === 400)
    return <NotFound what="No endpoint has this key. It was never probed, or its records were removed." />;
  if (loaded.data === undefined && loaded.error !== null)
    return <Failure error={loaded.error} retry={loaded.reload} />;
  if (loaded.data === undefined) return <Loading what="endpoint" />;
  return <EndpointPage endpoint={loaded.data} reload={loaded.reload} />;
}

function EndpointPage({
  endpoint,
  reload,
}: {
  readonly endpoint: EndpointDetail;
  readonly reload: () => void;
}) {
  const { host, port, address, serverName, starttls } = endpoint.target;
  const place = hostPort(host, port);
  const { button, progress } = useRescan([place], reload);
  return (
    <>
      <Head
        title={place}
        shown={
          <span class="mono">
            <Hostile text={place} />
          </span>
        }
        crumbs={[['Endpoints', '/endpoints'], [place]]}
        marks={
          <State tone={outcomeTone(endpoint.lastOutcome)}>
            {endpoint.lastOutcome === 'ok' ? 'Answers' : endpoint.lastOutcome}
          </State>
        }
        lede={`At ${address ?? 'no address'}, ${serverName === null ? 'without a server name' : `server name ${serverName}`}${
          starttls === null ? '' : `, STARTTLS ${starttls}`
        }. Known since ${minute(new Date(endpoint.firstSeenAt))}.`}
      >
        {button}
        <a class="btn" href={`/endpoints?hostContains=${encodeURIComponent(host)}`}>
          Other addresses
        </a>
        <button class="btn" type="button" onClick={() => void copyText(location.href, 'Link')}>
          <Icon name="link" />
          Copy link
        </button>
      </Head>
      {progress}
      {endpoint.spans.length === 0 ? null : (
        <Panel title="Certificates over time">
          <HistoryPlot endpoint={endpoint} />
        </Panel>
      )}
      <div class="withside">
        <div class="stack">
          <Accepts endpoint={endpoint} />
          <Probes endpointKey={endpoint.key} />
        </div>
        <div class="stack">
          <ServesNow chain={endpoint.chain} at={endpoint.lastOkAt} />
          <Handshake endpoint={endpoint} />
          <MoreFromSurvey endpoint={endpoint} />
        </div>
      </div>
    </>
  );
}

function Accepts({ endpoint: { survey, surveyedAt } }: { readonly endpoint: Endpoint }) {
  if (survey === null || survey === undefined)
    return (
      <Panel title="What TLS it accepts" flush>
        <Empty mood="none" title="Not surveyed yet">
          A scan at depth “survey” tries every version, cipher suite and group.
        </Empty>
      </Panel>
    );
  return (
    <Panel
      title="What TLS it accepts"
      flush
      note={
        <>
          Survey of{' '}
          {surveyedAt === null || surveyedAt === undefined ? 'unknown date' : <Instant at={surveyedAt} />},{' '}
          {survey.connections} connections.
          {survey.incomplete === null ? null : (
            <>
              {' '}
              It is incomplete: <Hostile text={survey.incomplete} />.
            </>
          )}
        </>
      }
    >
      <SurveyTable survey={survey} />
    </Panel>
  );
}

function Handshake({ endpoint: { tls } }: { readonly endpoint: Endpoint }) {
  if (tls === null) return null;
  const asked = tls.clientCertificateRequested;
  return (
    <Panel title="Handshake">
      <Facts
        of={[
          ['Version', tls.version?.replace('TLSv', 'TLS ') ?? null],
          ['Suite', tls.cipher === null ? null : <span class="mono">{tls.cipher}</span>],
          ['Group', tls.group],
          ['ALPN', tls.alpn === null ? null : <Hostile text={tls.alpn} />],
          ['Client certificate', asked === null ? null : asked ? 'requested' : 'not requested'],
          ['OCSP staple', tls.ocspResponse === null ? 'none' : 'stapled'],
        ]}
      />
    </Panel>
  );
}

function MoreFromSurvey({ endpoint: { survey } }: { readonly endpoint: Endpoint }) {
  if (survey === null || survey === undefined) return null;
  const yesNo = (value: boolean | null, yes: string, no: string): string | null =>
    value === null ? null : value ? yes : no;
  const ticket = survey.ticketLifetimeSeconds;
  return (
    <Panel title="More from the survey">
      <Facts
        of={[
          ['Groups', survey.groups.length === 0 ? null : survey.groups.join(', ')],
          ['DH parameters', survey.dhBits === null ? null : `${survey.dhBits} bits`],
          ['Renegotiation', yesNo(survey.secureRenegotiation, 'secure', 'insecure')],
          ['Compression', yesNo(survey.compression, 'on', 'off')],
          ['Tickets', ticket === null ? null : duration(ticket * 1_000)],
          ['SCTs in the handshake', survey.handshakeScts],
          ...survey.alternates.map(
            ({ asked, chain: [leaf] }) =>
              [
                alternateWords[asked],
                leaf === undefined ? 'nothing' : <Hash hex={leaf} href={`/certificates/${leaf}`} />,
              ] as const,
          ),
          ['JARM', survey.jarm === null ? null : <Hash hex={survey.jarm} what="JARM" />],
        ]}
      />
    </Panel>
  );
}

const alternateWords = {
  RSA: 'RSA clients get',
  ECDSA: 'ECDSA clients get',
  'no-server-name': 'Without server name',
  'unknown-server-name': 'Unknown server name',
} as const;
