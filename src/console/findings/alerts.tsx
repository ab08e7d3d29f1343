import { useApi } from '../api/use-api.js';
import type { AlertExplanation } from '../api/types.js';
import { Hostile, Instant } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { State, type Tone } from '../ui/severity.js';

const words: Readonly<Record<AlertExplanation['status'], readonly [Tone, string]>> = {
  sent: ['ok', 'sent'],
  failed: ['error', 'failed'],
  due: ['notice', 'goes out now'],
  pending: ['notice', 'waiting'],
  held: ['off', 'held'],
  skipped: ['off', 'not wanted'],
};

/** Which channels are alerted of a finding, and why or why not. */
export function Alerts({ id }: { readonly id: string }) {
  const { data } = useApi('GET /api/v1/findings/{id}/alerts', { id });
  if (data === undefined) return null;
  return (
    <Panel title="Alerts" more={<a href="/deliveries">All deliveries</a>}>
      {data.items.length === 0 ? (
        <p class="muted">No channel is configured, so no one is alerted.</p>
      ) : (
        <ul class="stack">
          {data.items.map((alert) => (
            <Channel key={alert.channel} alert={alert} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Channel({ alert: { channel, status, at, why, steps } }: { readonly alert: AlertExplanation }) {
  const [tone, word] = words[status];
  return (
    <li>
      <State tone={tone}>
        <Hostile text={channel} />, {word}
      </State>
      <span class="sub">
        <Hostile text={why} />
        {at === null ? null : (
          <>
            {' '}
            <Instant at={at} />
          </>
        )}
      </span>
      {steps.length === 0 ? null : (
        <details class="plain">
          <summary>Step by step</summary>
          <ol class="sub">
            {steps.map((step) => (
              <li key={step}>
                <Hostile text={step} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}
