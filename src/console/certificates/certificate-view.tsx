import { useApi } from '../api/use-api.js';
import type { CertificateDetail, Examination, RelatedCertificate } from '../api/types.js';
import { authorityName, minute, plural, relative, shortHash } from '../lib/format.js';
import { useNow } from '../lib/browser.js';
import { NotFound } from '../not-found.js';
import { LifePlot } from '../plots/life-plot.js';
import { Hostile, Legs } from '../ui/marks.js';
import { Head, Panel, Tabs } from '../ui/page.js';
import { Callout, Failure, Loading } from '../ui/states.js';
import { CertificateActions } from './actions.js';
import { Identity, InventoryPanel, KeyPanel, NamesPanel } from './facts.js';
import { FindingsPanel } from './findings-panel.js';
import { LoggedPanel } from './logged-panel.js';
import { RawPanel } from './raw-panel.js';
import { ChainPanel } from './chain-panel.js';
import { ExtensionsPanel } from './extensions-panel.js';
import { SameKeyPanel } from './relatives.js';
import { TransparencyPanel } from './transparency-panel.js';
import { TrustPanel } from './trust-panel.js';
import { VerdictsPanel } from './verdicts-panel.js';
import { ServedPanel } from './served-panel.js';

/** One certificate, readable without openssl. */
export function CertificateView({ names }: { readonly names: Readonly<Record<string, string>> }) {
  const sha256 = names['sha256'] ?? '';
  const loaded = useApi('GET /api/v1/certificates/{sha256}', { sha256 });
  if (loaded.error?.status === 404 || loaded.error?.status === 400)
    return (
      <NotFound
        what={`No certificate has the SHA-256 ${shortHash(sha256)}. It was never seen, or its records were removed.`}
      />
    );
  if (loaded.data === undefined && loaded.error !== null)
    return <Failure error={loaded.error} retry={loaded.reload} />;
  if (loaded.data === undefined) return <Loading what="certificate" lines={8} />;
  return <CertificatePage certificate={loaded.data} reload={loaded.reload} />;
}

function CertificatePage({
  certificate,
  reload,
}: {
  readonly certificate: CertificateDetail;
  readonly reload: () => void;
}) {
  const { sha256, names, subject, issuer, servedNow, logged, examination } = certificate;
  const title = names[0] ?? (subject === '' ? shortHash(sha256) : subject);
  const others = names.length - 1;
  return (
    <>
      <Head
        title={title}
        shown={
          <span class="mono">
            <Hostile text={title} max={255} />
          </span>
        }
        crumbs={[['Certificates', '/certificates'], [shortHash(sha256)]]}
        marks={<Legs served={servedNow.length > 0} logged={logged.length > 0} text={legsText(certificate)} />}
        lede={
          <>
            {others > 0 ? `and ${plural(others, 'more name')}. ` : ''}
            {certificate.isPrecertificate ? 'A precertificate. ' : ''}
            Issued by <Hostile text={authorityName(issuer)} max={160} />, served by{' '}
            {plural(servedNow.length, 'endpoint')}, logged in{' '}
            {plural(new Set(logged.map(({ logId }) => logId)).size, 'log')}.
          </>
        }
      >
        <CertificateActions certificate={certificate} />
      </Head>
      <PageTabs certificate={certificate} />
      <GapCallout certificate={certificate} />
      <LifePanel certificate={certificate} />
      <div class="withside">
        <div class="stack">
          <FindingsPanel certificate={certificate} />
          {examination === null ? null : <ChainPanel certificate={certificate} examination={examination} />}
          {examination === null ? null : <TrustPanel examination={examination} />}
          <ServedPanel certificate={certificate} reload={reload} />
          <LoggedPanel certificate={certificate} />
          <SameKeyPanel certificate={certificate} />
          {examination === null ? null : <Examined examination={examination} />}
          <RawPanel certificate={certificate} />
        </div>
        <div class="stack">
          <NamesPanel certificate={certificate} />
          <InventoryPanel certificate={certificate} />
          <Identity certificate={certificate} />
          <KeyPanel certificate={certificate} />
        </div>
      </div>
    </>
  );
}

function GapCallout({
  certificate: { successor, servedNow, tbsSha256 },
}: {
  readonly certificate: CertificateDetail;
}) {
  if (successor === null || servedNow.length === 0 || tbsSha256 === null) return null;
  return (
    <Callout tone="warning">
      <strong>Renewed, but still served by {plural(servedNow.length, 'endpoint')}.</strong> The successor was
      issued
      {successor.notBefore === null ? '' : ` on ${minute(new Date(successor.notBefore))}`}.{' '}
      <a href={`/issuances/${tbsSha256}`}>Who serves what</a>
    </Callout>
  );
}

function Examined({ examination }: { readonly examination: Examination }) {
  return (
    <>
      <TransparencyPanel transparency={examination.transparency} />
      <VerdictsPanel examination={examination} />
      <ExtensionsPanel examination={examination} />
    </>
  );
}

function legsText({ servedNow, logged }: CertificateDetail): string {
  if (servedNow.length > 0) return logged.length > 0 ? 'served and logged' : 'served only';
  return logged.length > 0 ? 'in CT only' : 'not served, not seen in CT';
}

function PageTabs({
  certificate: { servedNow, logged, examination },
}: {
  readonly certificate: CertificateDetail;
}) {
  const parts = [
    ['life', 'Life'],
    ['chain', 'Chain and trust'],
    ['served', 'Served', servedNow.length],
    ['logged', 'Logged', logged.length],
    ['key', 'Key'],
    ['verdicts', 'Verdicts', examination?.verdicts.length ?? 0],
    ['raw', 'Raw'],
  ] as const;
  return (
    <Tabs
      label="On this page"
      tabs={parts.map(([id, text, n]) => ({
        text,
        href: `#${id}`,
        current: false,
        ...(n === undefined ? {} : { n: String(n) }),
      }))}
    />
  );
}

function LifePanel({ certificate }: { readonly certificate: CertificateDetail }) {
  const now = useNow();
  const { notBefore, notAfter } = certificate;
  if (notBefore === null || notAfter === null) return null;
  const [from, to] = [new Date(notBefore), new Date(notAfter)];
  const length = to.getTime() - from.getTime();
  const days = Math.round(length / 86_400_000);
  const spent = Math.round((100 * (now.getTime() - from.getTime())) / Math.max(1, length));
  return (
    <Panel
      id="life"
      title="Life"
      aside={`${plural(days, 'day')}, ${Math.min(100, Math.max(0, spent))} % over`}
      more={
        <>
          {to < now ? 'Expired' : 'Expires'} <strong>{relative(to, now)}</strong>,{' '}
          <time datetime={notAfter}>{minute(to)}</time>
        </>
      }
    >
      <LifePlot
        life={{ from: notBefore, to: notAfter }}
        before={spanOf(certificate.predecessor)}
        after={spanOf(certificate.successor)}
      />
    </Panel>
  );
}

function spanOf(related: RelatedCertificate | null) {
  if (related === null || related.notBefore === null || related.notAfter === null) return null;
  return {
    from: related.notBefore,
    to: related.notAfter,
    text: `${shortHash(related.sha256)}, served by ${plural(related.servedCount, 'endpoint')}`,
    href: `/certificates/${related.sha256}`,
  };
}
