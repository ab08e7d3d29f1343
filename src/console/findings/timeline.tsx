import type { Finding } from '../api/types.js';
import { minute } from '../lib/format.js';
import { Hostile } from '../ui/marks.js';
import { Shape } from '../ui/severity.js';
import { changeText } from './words.js';

/** Everything that happened to a finding, latest first. */
export function Timeline({ history }: { readonly history: readonly Finding[] }) {
  return (
    <ol class="timeline">
      {history.toReversed().map((revision) => (
        <li key={revision.revision}>
          <Shape
            tone={
              revision.state === 'resolved' ? 'ok' : revision.state === 'open' ? revision.severity : 'off'
            }
          />
          <strong>{changeText(revision)}</strong>
          {revision.until === null ? '' : ` until ${minute(new Date(revision.until))}`}
          {revision.changedBy === 'certglass' ? null : (
            <>
              {' '}
              by <Hostile text={revision.changedBy} />
            </>
          )}
          {revision.note === null ? null : (
            <span class="sub">
              “<Hostile text={revision.note} max={2_000} />”
            </span>
          )}
          <time datetime={instantOf(revision)}>{minute(new Date(instantOf(revision)))}</time>
        </li>
      ))}
    </ol>
  );
}

function instantOf({ state, resolvedAt, lastSeenAt, change, openedAt }: Finding): string {
  if (state === 'resolved' && resolvedAt !== null) return resolvedAt;
  return change === 'opened' || change === 'reopened' ? openedAt : lastSeenAt;
}
