import { useState } from 'preact/hooks';
import { call } from '../api/client.js';
import { cache } from '../api/use-api.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { TextField } from '../ui/field.js';

/** A comment for colleagues, kept in the history of the finding. */
export function Comment({ id }: { readonly id: string }) {
  const [note, setNote] = useState('');
  const add = async (): Promise<void> => {
    const body = { note: note.trim() };
    if (
      !(await attempt(() => call('POST /api/v1/findings/{id}/comment', { id }, body), 'The comment is added'))
    )
      return;
    setNote('');
    cache.invalidate('/api/v1/findings');
  };
  return (
    <div class="stack tight">
      <TextField label="Comment" rows value={note} change={setNote} maxLength={2_000} />
      <div>
        <RoleButton
          role="operator"
          class="btn small"
          disabled={note.trim() === ''}
          onClick={() => void add()}
        >
          Add comment
        </RoleButton>
      </div>
    </div>
  );
}
