import { useEffect, useState } from 'preact/hooks';
import { plural } from '../lib/format.js';
import { useMe } from '../session/me.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { actOn, type Said } from './act-on.js';
import { endOf, Until } from './until.js';

/** What the dialog is for. */
export type Action = 'acknowledge' | 'silence' | 'accept' | 'assign';

const words = {
  acknowledge: {
    verb: 'Acknowledge',
    hint: 'Says that someone is working on it. Alerts stop until something changes.',
    placeholder: 'Ticket, plan, link',
    isNeeded: false,
  },
  silence: {
    verb: 'Silence',
    hint: 'No alerts until then. It stays in the list under Silenced, with your name and reason.',
    placeholder: 'For colleagues and for the auditor',
    isNeeded: true,
  },
  accept: {
    verb: 'Accept',
    hint: 'The risk is known and accepted. It stays in the list under Accepted, with your name and reason.',
    placeholder: 'Who decided, and why this is acceptable',
    isNeeded: true,
  },
  assign: {
    verb: 'Assign',
    hint: 'Says who works on it. Alerts go on.',
    placeholder: 'Optional',
    isNeeded: false,
  },
} as const;

/** Asks who, why and until when, and does it. `ids` is asked for once the form is sent. */
export function ActionDialog(props: {
  readonly action: Action;
  readonly count: number;
  readonly about: string;
  /** Who works on it now; absent or null: proposes the reader. */
  readonly assignee?: string | null;
  readonly ids: () => Promise<readonly string[]>;
  readonly close: () => void;
  readonly done: () => void;
}) {
  const { action } = props;
  const count = useCount(props);
  const usual = action === 'accept' ? '720' : '24';
  const me = useMe();
  const [note, setNote] = useState('');
  const [until, setUntil] = useState<string | null | undefined>(() => endOf(usual, ''));
  const [assignee, setAssignee] = useState(props.assignee ?? me.name);
  const hasEnd = action === 'silence' || action === 'accept';
  const submit = async (): Promise<void> => {
    const said: Said = {
      note: orNull(note),
      ...(hasEnd ? { until: until ?? null } : {}),
      ...(action === 'assign' ? { assignee: orNull(assignee) } : {}),
    };
    if (await actOn(await props.ids(), action, said)) props.done();
  };
  const { verb, hint, placeholder, isNeeded } = words[action];
  return (
    <Dialog
      title={`${verb} ${plural(count, 'finding')}?`}
      hint={props.about}
      close={props.close}
      submit={() => void submit()}
      footer={
        <Footer
          verb={`${verb} ${plural(count, 'finding')}`}
          disabled={hasEnd && until === undefined}
          close={props.close}
        />
      }
    >
      <p class="hint">{hint}</p>
      {action === 'assign' ? <Assignee value={assignee} change={setAssignee} /> : null}
      <TextField
        label={isNeeded ? 'Why' : 'Note'}
        rows
        autofocus={action !== 'assign'}
        required={isNeeded}
        placeholder={placeholder}
        value={note}
        change={setNote}
        hint="Shown beside the finding and kept in the audit trail."
      />
      {hasEnd ? <Until usual={usual} change={setUntil} /> : null}
    </Dialog>
  );
}

/** How many findings it is about: as the list says, until they were asked for. */
function useCount({
  count,
  ids,
}: {
  readonly count: number;
  readonly ids: () => Promise<readonly string[]>;
}): number {
  const [exact, setExact] = useState(count);
  useEffect(() => {
    let isOpen = true;
    ids().then(
      (found) => isOpen && setExact(found.length),
      // The form says what went wrong when it is sent.
      () => undefined,
    );
    return () => {
      isOpen = false;
    };
  }, []);
  return exact;
}

function Assignee(props: { readonly value: string; readonly change: (value: string) => void }) {
  return <TextField label="Who works on it" hint="Empty: no one." autofocus {...props} />;
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

function Footer(props: { readonly verb: string; readonly disabled: boolean; readonly close: () => void }) {
  const me = useMe();
  return (
    <>
      <p>
        As {me.name}, {me.role}
      </p>
      <button class="btn" type="button" onClick={props.close}>
        Cancel
      </button>
      <button class="btn primary" type="submit" disabled={props.disabled}>
        {props.verb}
      </button>
    </>
  );
}
