import { useState } from 'preact/hooks';
import type { Finding } from '../api/types.js';
import { plural } from '../lib/format.js';
import { useMe } from '../session/me.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { actOn } from './act-on.js';
import { placeOf } from './words.js';

/** What the dialog is for. */
export type Action = 'acknowledge' | 'silence';

const words = {
  acknowledge: {
    verb: 'Acknowledge',
    hint: 'Says that someone is working on it. Alerts stop until something changes.',
    note: 'Note',
    placeholder: 'Ticket, plan, link',
    isNeeded: false,
  },
  silence: {
    verb: 'Silence',
    hint: 'No alerts. It stays in the list under Silenced, with your name and reason.',
    note: 'Why',
    placeholder: 'For colleagues and for the auditor',
    isNeeded: true,
  },
} as const;

/** Asks why, and does it. */
export function ActionDialog(props: {
  readonly action: Action;
  readonly findings: readonly Pick<Finding, 'id' | 'subject' | 'host' | 'certificateSha256'>[];
  readonly close: () => void;
  readonly done: () => void;
}) {
  const { action, findings } = props;
  const [note, setNote] = useState('');
  const me = useMe();
  const { verb, hint, placeholder, isNeeded } = words[action];
  const submit = async (): Promise<void> => {
    const ids = findings.map(({ id }) => id);
    if (await actOn(ids, action, { note: note.trim() === '' ? null : note.trim() })) props.done();
  };
  return (
    <Dialog
      title={`${verb} ${plural(findings.length, 'finding')}?`}
      hint={placesText(findings)}
      close={props.close}
      submit={() => void submit()}
      footer={
        <>
          <p>
            As {me.name}, {me.role}
          </p>
          <button class="btn" type="button" onClick={props.close}>
            Cancel
          </button>
          <button class="btn primary" type="submit">
            {verb} {plural(findings.length, 'finding')}
          </button>
        </>
      }
    >
      <p class="hint">{hint}</p>
      <TextField
        label={words[action].note}
        rows
        autofocus
        required={isNeeded}
        maxLength={2_000}
        placeholder={placeholder}
        value={note}
        change={setNote}
        hint="Shown beside the finding and kept in the audit trail."
      />
    </Dialog>
  );
}

function placesText(findings: readonly Pick<Finding, 'subject' | 'host' | 'certificateSha256'>[]): string {
  const places = [...new Set(findings.map((finding) => placeOf(finding).text))];
  const rest = places.length - 3;
  return `${places.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
