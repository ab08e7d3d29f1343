import type { FindingDetail } from '../api/types.js';
import { Hostile } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { Severity } from '../ui/severity.js';
import { PlaceLink } from './cells.js';

/** Findings with the same cause or about the same host. */
export function Related({ finding: { related } }: { readonly finding: FindingDetail }) {
  if (related.length === 0) return null;
  return (
    <Panel title="Related">
      <ul class="stack tight">
        {related.slice(0, 10).map((other) => (
          <li key={other.id}>
            <Severity level={other.severity} plain>
              <a class="rowtitle" href={`/findings/${other.id}`}>
                <Hostile text={other.title} max={120} />
              </a>
            </Severity>
            <span class="sub">
              <PlaceLink finding={other} />
              {other.state === 'open' ? '' : `, ${other.state}`}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
