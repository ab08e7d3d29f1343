import { useApi } from '../api/use-api.js';
import type { CertificateDetail } from '../api/types.js';
import { onlyFindings } from '../findings/words.js';
import { Panel } from '../ui/page.js';
import { Severity } from '../ui/severity.js';

/** Open findings about the certificate; nothing at all when there are none. */
export function FindingsPanel({ certificate: { sha256 } }: { readonly certificate: CertificateDetail }) {
  const { data } = useApi(
    'GET /api/v1/findings',
    {},
    { certificateSha256: sha256, state: 'open,acknowledged,silenced,accepted', limit: 20 },
  );
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Panel title="Findings" aside={`${data.items.length}${data.nextCursor === null ? '' : '+'}`}>
      <ul class="stack tight">
        {onlyFindings(data.items).map(({ id, severity, title, state, rule }) => (
          <li key={id} class="summary-line">
            <Severity level={severity} />
            <a class="rowtitle" href={`/findings/${id}`}>
              {title}
            </a>
            <span class="mono muted">{rule}</span>
            {state === 'open' ? null : <span class="tag">{state}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
