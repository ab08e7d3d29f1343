import { useState } from 'preact/hooks';
import { ApiError } from '../api/client.js';
import type { TokenRequestInput } from '../api/types.js';
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

/** What was shown of a new credential, once. */
export interface Shown {
  readonly title: string;
  readonly what: string;
  readonly secret: string;
  readonly note: string;
}

/** Asks who, which role and for which domains, creates that, and shows its secret once. */
export function NewCredentialDialog(props: {
  readonly title: string;
  readonly submit: string;
  readonly nameHint: string;
  /** Asks how long it lasts. */
  readonly ends: boolean;
  readonly create: (wish: TokenRequestInput) => Promise<Shown>;
  readonly close: () => void;
}) {
  const { close } = props;
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('reader');
  const [life, setLife] = useState<Life>('720');
  const [domains, setDomains] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const create = async (): Promise<void> => {
    const within = wordsOf(domains);
    const scope = within.length === 0 ? null : { domains: within, tags: [] };
    const expiresAt = props.ends ? (endOf(life, '') ?? null) : null;
    try {
      setShown(await props.create({ name: name.trim(), role, scope, expiresAt }));
    } catch (failure) {
      setError(failure instanceof ApiError ? sentence(failure.message) : 'Certglass does not answer.');
    }
  };
  if (shown !== null) return <SecretDialog shown={shown} close={close} />;
  return (
    <Dialog
      title={props.title}
      close={close}
      submit={() => void create()}
      footer={<Footer submit={props.submit} close={close} />}
    >
      <TextField
        label="Name"
        code
        autofocus
        required
        value={name}
        change={setName}
        error={error}
        hint={props.nameHint}
      />
      <Choice label="Role" value={role} choices={roles} change={setRole} />
      {props.ends ? <Choice label="Expires after" value={life} choices={lives} change={setLife} /> : null}
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

function Footer({ submit, close }: { readonly submit: string; readonly close: () => void }) {
  return (
    <>
      <button class="btn" type="button" onClick={close}>
        Cancel
      </button>
      <button class="btn primary" type="submit">
        {submit}
      </button>
    </>
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

/** Shows a secret that is never shown again. */
export function SecretDialog(props: { readonly shown: Shown; readonly close: () => void }) {
  const { title, what, secret, note } = props.shown;
  return (
    <Dialog
      title={title}
      close={props.close}
      submit={props.close}
      footer={
        <button class="btn primary" type="submit" autofocus>
          Done
        </button>
      }
    >
      <Callout tone="warning">{note}</Callout>
      <div class="code">
        <pre tabindex={0}>{secret}</pre>
        <Copy text={secret} what={what} />
      </div>
    </Dialog>
  );
}
