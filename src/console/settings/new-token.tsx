import { useState } from 'preact/hooks';
import { ApiError, call } from '../api/client.js';
import { cache } from '../api/use-api.js';
import { endOf } from '../findings/until.js';
import { wordsOf } from '../lib/words.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { Segments } from '../ui/filters.js';
import { Copy } from '../ui/marks.js';
import { Callout, sentence } from '../ui/states.js';

const roles = [
  ['reader', 'Reader'],
  ['operator', 'Operator'],
  ['admin', 'Admin'],
] as const;
const lives = [
  ['168', '7 days'],
  ['720', '30 days'],
  ['open', 'No end'],
] as const;
type Role = (typeof roles)[number][0];
type Life = (typeof lives)[number][0];

/** Creates a token and shows its secret, once. */
export function NewTokenDialog({ close }: { readonly close: () => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('reader');
  const [life, setLife] = useState<Life>('720');
  const [domains, setDomains] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    const within = wordsOf(domains);
    const scope = within.length === 0 ? null : { domains: within, tags: [] };
    try {
      const body = { name: name.trim(), role, scope, expiresAt: endOf(life, '') ?? null };
      setSecret((await call('POST /api/v1/tokens', {}, body)).secret);
      cache.invalidate('/api/v1/tokens');
    } catch (failure) {
      setError(failure instanceof ApiError ? sentence(failure.message) : 'Certglass does not answer.');
    }
  };
  if (secret !== null) return <Secret secret={secret} close={close} />;
  return (
    <Dialog
      title="New token"
      close={close}
      submit={() => void submit()}
      footer={
        <>
          <button class="btn" type="button" onClick={close}>
            Cancel
          </button>
          <button class="btn primary" type="submit">
            Create token
          </button>
        </>
      }
    >
      <TextField
        label="Name"
        code
        autofocus
        required
        value={name}
        change={setName}
        error={error}
        hint="Who or what uses it. It stands in the audit trail."
      />
      <Choice label="Role" value={role} choices={roles} change={setRole} />
      <Choice label="Expires after" value={life} choices={lives} change={setLife} />
      <TextField
        label="Only for domains"
        code
        value={domains}
        change={setDomains}
        placeholder="example.com"
        hint="With everything below them. Empty: all."
      />
    </Dialog>
  );
}

function Choice<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [Value, string])[];
  readonly change: (value: Value) => void;
}) {
  return (
    <div class="field">
      <span class="label">{props.label}</span>
      <Segments {...props} />
    </div>
  );
}

function Secret({ secret, close }: { readonly secret: string; readonly close: () => void }) {
  return (
    <Dialog
      title="Copy the token now"
      close={close}
      submit={close}
      footer={
        <button class="btn primary" type="submit" autofocus>
          Done
        </button>
      }
    >
      <Callout tone="warning">It is shown once. Only its digest is kept.</Callout>
      <div class="code">
        <pre tabindex={0}>{secret}</pre>
        <Copy text={secret} what="token" />
      </div>
    </Dialog>
  );
}
