import { useApi } from '../api/use-api.js';
import type { CertificateDetail } from '../api/types.js';
import { authorityName, day, keyText } from '../lib/format.js';
import { Icon } from '../ui/icon.js';
import { Hostile } from '../ui/marks.js';
import { Panel } from '../ui/page.js';

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'] as const;

/** The chain as an endpoint serves it, in that order. */
export function ServedChain({ certificate }: { readonly certificate: CertificateDetail }) {
  const chain = certificate.servedNow[0]?.chain ?? [certificate.sha256];
  const isServed = certificate.servedNow.length > 0;
  return (
    <Panel
      id="chain"
      title="Chain"
      more={<span class="muted">{isServed ? 'in the order served' : 'not served now'}</span>}
    >
      <div class="chain">
        {chain.slice(0, 6).map((sha256, index) => (
          <>
            {index === 0 ? null : <Link key={`link ${sha256}`} />}
            <Node
              key={sha256}
              sha256={sha256}
              position={isServed ? `served ${ordinals[index] ?? 'later'}` : 'not served'}
              isLeaf={index === 0}
            />
          </>
        ))}
        <TopIssuer sha256={chain.at(-1) ?? certificate.sha256} />
      </div>
    </Panel>
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

function Node(props: { readonly sha256: string; readonly position: string; readonly isLeaf: boolean }) {
  const { data } = useApi('GET /api/v1/certificates/{sha256}', { sha256: props.sha256 });
  return (
    <div class={props.isLeaf ? 'node leaf' : 'node'}>
      <header>
        <strong class={props.isLeaf ? 'mono' : ''}>
          {data === undefined ? (
            'Loading'
          ) : (
            <NodeName isLeaf={props.isLeaf} sha256={props.sha256} data={data} />
          )}
        </strong>
        <span class="tag">
          {props.position === 'not served' ? null : <Icon name="check" />}
          {props.position}
        </span>
      </header>
      {data === undefined ? null : (
        <p>
          {keyText(data.key)}, signed with {data.signatureAlgorithm ?? 'an unknown algorithm'}.{' '}
          {data.notBefore === null || data.notAfter === null
            ? ''
            : `${day(new Date(data.notBefore))} to ${day(new Date(data.notAfter))}.`}
        </p>
      )}
    </div>
  );
}

function NodeName(props: {
  readonly isLeaf: boolean;
  readonly sha256: string;
  readonly data: CertificateDetail;
}) {
  const { isLeaf, sha256, data } = props;
  const text = isLeaf ? (data.names[0] ?? data.subject) : authorityName(data.subject);
  return isLeaf ? (
    <Hostile text={text} max={160} />
  ) : (
    <a class="rowtitle" href={`/certificates/${sha256}`}>
      <Hostile text={text} max={160} />
    </a>
  );
}

/** The issuer of the last one served, which the client must know itself. */
function TopIssuer({ sha256 }: { readonly sha256: string }) {
  const { data } = useApi('GET /api/v1/certificates/{sha256}', { sha256 });
  if (data === undefined || data.isSelfIssued) return null;
  return (
    <>
      <Link />
      <div class="node unsent">
        <header>
          <strong>
            <Hostile text={authorityName(data.issuer)} max={160} />
          </strong>
          <span class="tag">not served</span>
        </header>
        <p>Clients must know it, or find it by themselves.</p>
      </div>
    </>
  );
}
