import { useState } from 'preact/hooks';
import type { Finding } from '../api/types.js';
import { count } from '../lib/format.js';
import { RoleButton } from '../session/me.js';
import { ActionDialog, type Action } from './action-dialog.js';

/** What can be done with what is ticked. */
export function BulkBar({
  findings,
  clear,
}: {
  readonly findings: readonly Finding[];
  readonly clear: () => void;
}) {
  const [action, setAction] = useState<Action | null>(null);
  return (
    <>
      <div class="bulk" role="region" aria-label="Selection">
        <strong>{count(findings.length)} selected</strong>
        <RoleButton role="operator" dataKey="a" onClick={() => setAction('acknowledge')}>
          Acknowledge <kbd>a</kbd>
        </RoleButton>
        <RoleButton role="operator" dataKey="s" onClick={() => setAction('silence')}>
          Silence <kbd>s</kbd>
        </RoleButton>
        <button class="btn quiet" type="button" onClick={clear}>
          Clear
        </button>
      </div>
      {action === null ? null : (
        <ActionDialog
          action={action}
          findings={findings}
          close={() => setAction(null)}
          done={() => {
            setAction(null);
            clear();
          }}
        />
      )}
    </>
  );
}
