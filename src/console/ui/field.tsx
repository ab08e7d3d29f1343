import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

const kinds = {
  text: { type: 'text' },
  password: { type: 'password' },
  'datetime-local': { type: 'datetime-local' },
  email: { type: 'email' },
  date: { type: 'date' },
} as const;

/** A text field with its label, a hint, and what is wrong with what was typed. `rows` makes it a text area. */
export function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly error?: string | null;
  readonly placeholder?: string;
  readonly type?: keyof typeof kinds;
  readonly rows?: boolean;
  readonly tall?: boolean;
  /** Stands before the label. */
  readonly mark?: ComponentChildren;
  readonly code?: boolean;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  readonly autocomplete?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}) {
  const id = useId();
  const {
    label,
    change,
    hint,
    error = null,
    rows = false,
    code = false,
    type = 'text',
    tall,
    mark,
    ...given
  } = props;
  const common = {
    ...given,
    id,
    class: `${code ? 'mono' : ''}${tall === true ? ' tall' : ''}`.trim(),
    'aria-invalid': error !== null,
    'aria-describedby': `${id}-hint`,
  };
  return (
    <div class="field">
      <label class="label iconed" for={id}>
        {mark}
        {label}
      </label>
      {rows ? (
        <textarea {...common} onInput={(event) => change(event.currentTarget.value)} />
      ) : (
        <input {...kinds[type]} {...common} onInput={(event) => change(event.currentTarget.value)} />
      )}
      <span id={`${id}-hint`} class="stack tight">
        {hint === undefined ? null : <span class="hint">{hint}</span>}
        {error === null ? null : (
          <span class="hint bad" role="alert">
            {error}
          </span>
        )}
      </span>
    </div>
  );
}
