import type { CertificateDetail } from '../api/types.js';
import { authorityName, grouped, keyText, plural } from '../lib/format.js';
import { Hash, Host, Hostile } from '../ui/marks.js';
import { Facts, Panel } from '../ui/page.js';

interface Props {
  readonly certificate: CertificateDetail;
}

/** Names shown at once; the rest unfolds. */
const namesShown = 12;

/** Every name of a certificate. */
export function NamesPanel({ certificate: { names } }: Props) {
  const [first, rest] = [names.slice(0, namesShown), names.slice(namesShown)];
  return (
    <Panel title="Names" more={<span class="muted">{names.length}</span>}>
      <ul class="stack tight">{first.map(nameItem)}</ul>
      {rest.length === 0 ? null : (
        <details class="plain">
          <summary>{plural(rest.length, 'more name')}</summary>
          <ul class="stack tight">{rest.map(nameItem)}</ul>
        </details>
      )}
    </Panel>
  );
}

function nameItem(name: string) {
  return (
    <li key={name}>
      <Host host={name} href={`/names/${encodeURIComponent(name.replace(/^\*\./, ''))}`} />{' '}
      {name.startsWith('*.') ? <span class="tag">wildcard</span> : null}
    </li>
  );
}

/** What makes this certificate this one. */
export function Identity({ certificate }: Props) {
  const { sha256, sha1, serialNumber, issuer, subject, signatureAlgorithm, extendedKeyUsages, sctCount } =
    certificate;
  return (
    <Panel title="Identity">
      <Facts
        of={[
          ['SHA-256', <Hash hex={sha256} what="SHA-256" full />],
          ['SHA-1', <Hash hex={sha1} what="SHA-1" full />],
          ['Serial', <span class="mono">{grouped(serialNumber)}</span>],
          ['Issuer', <Hostile text={issuer} />],
          ['Subject', subject === '' ? 'empty' : <Hostile text={subject} />],
          ['Signature', signatureAlgorithm],
          ['Use', extendedKeyUsages === null ? 'any' : extendedKeyUsages.map(usageName).join(', ')],
          ['CA', certificate.isCa ? 'yes' : null],
          ['SCTs inside', sctCount],
          ['CRL', links(certificate.crlUrls)],
          ['OCSP', links(certificate.ocspUrls)],
          ['Issuer at', links(certificate.caIssuerUrls)],
          [
            'Problems',
            certificate.problems.length === 0
              ? null
              : certificate.problems.map(({ code }) => code).join(', '),
          ],
        ]}
      />
    </Panel>
  );
}

const usages: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};

function usageName(oid: string): string {
  return usages[oid] ?? oid;
}

/** Addresses inside a certificate are text, never links: following one is the reader's decision. */
function links(urls: readonly string[]) {
  return urls.length === 0
    ? null
    : urls.slice(0, 5).map((url) => (
        <div key={url} class="mono">
          <Hostile text={url} max={200} />
        </div>
      ));
}

/** The public key, and where else to look for it. */
export function KeyPanel({ certificate: { key, spkiSha256 } }: Props) {
  return (
    <Panel title="Key" id="key">
      <Facts
        of={[
          ['Kind', keyText(key)],
          ['SPKI', spkiSha256 === null ? null : <Hash hex={spkiSha256} what="SPKI hash" full />],
          [
            'Same key',
            spkiSha256 === null ? null : (
              <a href={`/certificates?spkiSha256=${spkiSha256}`}>certificates with this key</a>
            ),
          ],
        ]}
      />
    </Panel>
  );
}

/** What the operator's own systems say of it. */
export function InventoryPanel({ certificate: { inventory, issuer } }: Props) {
  if (inventory.length === 0)
    return (
      <Panel title="Owner and inventory">
        <p class="sub">In no inventory. Issued by {<Hostile text={authorityName(issuer)} />}.</p>
      </Panel>
    );
  return (
    <Panel title="Owner and inventory">
      {inventory.slice(0, 5).map(({ source, reference, owner, labels }) => (
        <Facts
          key={`${source} ${reference}`}
          of={[
            ['Owner', owner === null ? null : <Hostile text={owner} />],
            ...Object.entries(labels).map(([name, value]) => [name, <Hostile text={value} />] as const),
            ['Inventory', <a href={`/inventory?source=${encodeURIComponent(source)}`}>{source}</a>],
            [
              'Reference',
              <span class="mono">
                <Hostile text={reference} max={160} />
              </span>,
            ],
          ]}
        />
      ))}
    </Panel>
  );
}
