import type { FindingDetail } from '../api/types.js';
import { Hostile, Instant } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { Severity, State } from '../ui/severity.js';
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

const tones = { sent: 'ok', failed: 'error', pending: 'notice', held: 'notice', skipped: 'off' } as const;

/** Which channels were alerted of it. */
export function Alerted({ finding: { deliveries } }: { readonly finding: FindingDetail }) {
  if (deliveries.length === 0) return null;
  return (
    <Panel title="Alerts" more={<a href="/deliveries">All deliveries</a>}>
      <ul class="stack tight">
        {deliveries.slice(0, 10).map(({ id, channel, state, createdAt }) => (
          <li key={id}>
            <State tone={tones[state]}>
              <Hostile text={channel} />, {state}
            </State>
            <span class="sub">
              <Instant at={createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
