import { useState } from 'preact/hooks';
import { count, plural } from '../lib/format.js';
import { RoleButton } from '../session/me.js';
import { idsOf, type Ticked } from './act-on.js';
import { ActionDialog, type Action } from './action-dialog.js';
import type { FindingsState } from './state.js';

/** What can be done with what is ticked. */
export function BulkBar(props: {
  readonly ticked: Ticked;
  readonly count: number;
  readonly state: FindingsState;
  readonly clear: () => void;
}) {
  const [action, setAction] = useState<Action | null>(null);
  const { ticked, state, clear } = props;
  return (
    <>
      <div class="bulk" role="region" aria-label="Selection">
        <strong>{count(props.count)} selected</strong>
        <RoleButton role="operator" dataKey="a" onClick={() => setAction('acknowledge')}>
          Acknowledge <kbd>a</kbd>
        </RoleButton>
        <RoleButton role="operator" dataKey="s" onClick={() => setAction('silence')}>
          Silence <kbd>s</kbd>
        </RoleButton>
        <RoleButton role="operator" class="btn quiet" onClick={() => setAction('accept')}>
          Accept
        </RoleButton>
        <RoleButton role="operator" class="btn quiet" onClick={() => setAction('assign')}>
          Assign
        </RoleButton>
        <button class="btn quiet" type="button" onClick={clear}>
          Clear
        </button>
      </div>
      {action === null ? null : (
        <ActionDialog
          action={action}
          count={props.count}
          about={ticked.groups.length === 0 ? '' : `From ${plural(ticked.groups.length, state.group)}`}
          ids={() => idsOf(ticked, state)}
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
