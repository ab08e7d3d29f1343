import { Fragment } from 'preact';
import type { CertificateDetail, Examination } from '../api/types.js';
import { authorityName, day, keyText } from '../lib/format.js';
import { Icon } from '../ui/icon.js';
import { Hostile } from '../ui/marks.js';
import { Panel } from '../ui/page.js';

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'] as const;
const origins = {
  served: 'served',
  logged: 'not served, from CT',
  known: 'not served, known here',
  'root-store': 'in the root store',
} as const;

type Part = Examination['chain'][number];

/** The chain up to a root as a picture: what is served, and where the rest came from. */
export function ChainPanel(props: {
  readonly certificate: CertificateDetail;
  readonly examination: Examination;
}) {
  const { certificate, examination } = props;
  const rest = examination.chain.filter(({ sha256 }) => sha256 !== certificate.sha256);
  const served = certificate.servedNow[0]?.chain ?? [];
  return (
    <Panel
      id="chain"
      title="Chain"
      more={<span class="muted">{served.length > 0 ? 'in the order served' : 'not served now'}</span>}
    >
      <div class="chain">
        <Leaf certificate={certificate} isServed={served.length > 0} />
        {rest.map((part) => (
          <Fragment key={part.sha256}>
            <Link />
            <Node part={part} position={served.indexOf(part.sha256)} />
          </Fragment>
        ))}
        {rest.length > 0 || certificate.isSelfIssued ? null : (
          <>
            <Link />
            <div class="node unsent">
              <header>
                <strong>
                  <Hostile text={authorityName(certificate.issuer)} max={160} />
                </strong>
                <span class="tag">not found</span>
              </header>
              <p>Neither served nor known here.</p>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}

function Leaf({
  certificate,
  isServed,
}: {
  readonly certificate: CertificateDetail;
  readonly isServed: boolean;
}) {
  const { names, subject, key, signatureAlgorithm, notBefore, notAfter } = certificate;
  return (
    <div class="node leaf">
      <header>
        <strong class="mono">
          <Hostile text={names[0] ?? subject} max={160} />
        </strong>
        <span class="tag">
          {isServed ? <Icon name="check" /> : null}
          {isServed ? 'served first' : 'not served'}
        </span>
      </header>
      <p>
        {keyText(key)}, signed with {signatureAlgorithm ?? 'an unknown algorithm'}.{' '}
        {notBefore === null || notAfter === null
          ? ''
          : `${day(new Date(notBefore))} to ${day(new Date(notAfter))}.`}
      </p>
    </div>
  );
}

function Link() {
  return (
    <div class="link">
      <svg viewBox="0 0 12 30" aria-hidden="true">
        <path d="M6 0v24M2 20l4 5 4-5" />
      </svg>
      issued by
    </div>
  );
}

function Node({ part, position }: { readonly part: Part; readonly position: number }) {
  const isServed = part.from === 'served';
  return (
    <div class={isServed ? 'node' : 'node unsent'}>
      <header>
        <a class="rowtitle" href={`/certificates/${part.sha256}`}>
          <Hostile text={authorityName(part.subject)} max={160} />
        </a>
        <span class="tag">
          {isServed ? <Icon name="check" /> : null}
          {isServed && position > 0 ? `served ${ordinals[position] ?? 'later'}` : origins[part.from]}
        </span>
      </header>
      <p>{part.notAfter === null ? 'End unknown.' : `Until ${day(new Date(part.notAfter))}.`}</p>
    </div>
  );
}
