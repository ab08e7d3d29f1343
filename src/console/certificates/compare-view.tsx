import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { useApi } from '../api/use-api.js';
import type { CertificateDetail } from '../api/types.js';
import { navigate } from '../lib/browser.js';
import { grouped, keyText, minute, shortHash } from '../lib/format.js';
import { useViewState } from '../lib/view-state.js';
import { Hostile } from '../ui/marks.js';
import { Head, Panel } from '../ui/page.js';
import { Callout, Loading } from '../ui/states.js';
import { Framed } from '../ui/table.js';

const defaults = { a: '', b: '', cursor: '' };

/** What is compared, as text: equal texts are equal facts. */
const rows: readonly (readonly [string, (certificate: CertificateDetail) => string])[] = [
  ['Names', ({ names }) => names.toSorted().join('\n')],
  ['Subject', ({ subject }) => subject],
  ['Issuer', ({ issuer }) => issuer],
  ['Serial', ({ serialNumber }) => grouped(serialNumber)],
  ['Valid from', ({ notBefore }) => (notBefore === null ? 'unknown' : minute(new Date(notBefore)))],
  ['Valid until', ({ notAfter }) => (notAfter === null ? 'unknown' : minute(new Date(notAfter)))],
  ['Key', ({ key }) => keyText(key)],
  ['SPKI', ({ spkiSha256 }) => spkiSha256 ?? 'unknown'],
  ['Signature', ({ signatureAlgorithm }) => signatureAlgorithm ?? 'unknown'],
  ['Use', ({ extendedKeyUsages }) => extendedKeyUsages?.join('\n') ?? 'any'],
  ['SCTs inside', ({ sctCount }) => String(sctCount ?? 'unknown')],
  ['CRL', ({ crlUrls }) => crlUrls.join('\n')],
  ['OCSP', ({ ocspUrls }) => ocspUrls.join('\n')],
  [
    'Kind',
    ({ isPrecertificate, isCa }) =>
      isPrecertificate ? 'precertificate' : isCa ? 'CA certificate' : 'certificate',
  ],
  ['TBS', ({ tbsSha256 }) => tbsSha256 ?? 'unknown'],
  ['Served by', ({ servedNow }) => String(servedNow.length)],
  ['Log entries', ({ logged }) => String(logged.length)],
];

/** Two certificates side by side, differences marked. */
export function CompareView() {
  const [{ a, b }] = useViewState(defaults);
  if (a === '' || b === '') return <ChooseOther a={a} />;
  return <Comparison a={a} b={b} />;
}

function ChooseOther({ a }: { readonly a: string }) {
  const [hash, setHash] = useState('');
  return (
    <>
      <Head
        title="Compare"
        crumbs={[['Certificates', '/certificates'], ['Compare']]}
        lede={`With ${shortHash(a)}. Which other one?`}
      />
      <Panel title="The other certificate">
        <form
          class="filters"
          onSubmit={(event) => {
            event.preventDefault();
            navigate(
              `/certificates/compare?a=${a}&b=${encodeURIComponent(hash.replaceAll(/[\s:]/g, '').toLowerCase())}`,
            );
          }}
        >
          <div class="search">
            <input
              type="text"
              class="mono"
              aria-label="SHA-256 of the other certificate"
              placeholder="SHA-256"
              value={hash}
              onInput={(event) => setHash(event.currentTarget.value)}
            />
          </div>
          <button class="btn primary" type="submit">
            Compare
          </button>
          <span class="hint">Or tick two in the list of certificates.</span>
        </form>
      </Panel>
    </>
  );
}

function Comparison({ a, b }: { readonly a: string; readonly b: string }) {
  const left = useApi('GET /api/v1/certificates/{sha256}', { sha256: a });
  const right = useApi('GET /api/v1/certificates/{sha256}', { sha256: b });
  const failed = left.error ?? right.error;
  const isSame =
    left.data !== undefined && left.data.tbsSha256 !== null && left.data.tbsSha256 === right.data?.tbsSha256;
  return (
    <>
      <Head
        title="Compare"
        crumbs={[['Certificates', '/certificates'], ['Compare']]}
        lede="Differences are marked."
      />
      {failed === null ? null : <Callout tone="error">{failed.message}</Callout>}
      {isSame ? <Callout tone="ok">One issuance: a precertificate and its certificate.</Callout> : null}
      {left.data === undefined || right.data === undefined ? (
        failed === null ? (
          <Loading what="certificates" />
        ) : null
      ) : (
        <Framed label="Comparison">
          <table class="versus">
            <caption class="sr">Comparison</caption>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <HeadOf certificate={left.data} />
                <HeadOf certificate={right.data} />
              </tr>
            </thead>
            <tbody>
              {rows.map(([word, of]) =>
                compareRow(word, of(left.data as CertificateDetail), of(right.data as CertificateDetail)),
              )}
            </tbody>
          </table>
        </Framed>
      )}
    </>
  );
}

function HeadOf({ certificate: { sha256 } }: { readonly certificate: CertificateDetail }) {
  return (
    <th scope="col">
      <a class="mono" href={`/certificates/${sha256}`}>
        {shortHash(sha256)}
      </a>
    </th>
  );
}

function compareRow(word: string, left: string, right: string): ComponentChildren {
  const shown = (text: string): ComponentChildren =>
    text.split('\n').map((line) => (
      <div key={line}>
        <span class={left === right ? '' : 'diff'}>
          <Hostile text={line} max={300} />
        </span>
      </div>
    ));
  return (
    <tr key={word}>
      <th scope="row">{word}</th>
      <td>{shown(left)}</td>
      <td>{shown(right)}</td>
    </tr>
  );
}
