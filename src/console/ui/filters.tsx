import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.js';
import { Menu } from './menu.js';

/** The search field of a list; `/` focuses it. Calls back once typing rests. */
export function SearchBox(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly change: (text: string) => void;
}) {
  const [text, setText] = useState(props.value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(props.value), [props.value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div class="search">
      <Icon name="search" />
      <input
        type="search"
        data-list-search
        aria-label={props.label}
        placeholder={props.placeholder}
        value={text}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => props.change(typed.trim()), 180);
        }}
      />
    </div>
  );
}

/** One of a few choices, all in sight. */
export function Segments<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [Value, string])[];
  readonly change: (value: Value) => void;
}) {
  return (
    <div class="seg" role="group" aria-label={props.label}>
      {props.choices.map(([value, text]) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          onClick={() => props.change(value)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/** A filter with a few known values. Chosen, it says so and can be removed. */
export function ChoiceChip(props: {
  readonly name: string;
  readonly value: string;
  readonly choices: readonly (readonly [string, string])[];
  readonly change: (value: string) => void;
}) {
  const chosen = props.choices.find(([value]) => value === props.value)?.[1] ?? props.value;
  return (
    <Menu
      class={props.value === '' ? 'chip' : 'chip on'}
      button={
        <>
          {props.value === '' ? (
            props.name
          ) : (
            <span>
              {props.name}: <b>{chosen}</b>
            </span>
          )}
          <Icon name="down" />
        </>
      }
    >
      {props.choices.map(([value, text]) => (
        <button
          key={value}
          type="button"
          aria-checked={value === props.value}
          role="menuitemradio"
          onClick={() => props.change(value)}
        >
          {text}
        </button>
      ))}
      {props.value === '' ? null : (
        <button type="button" onClick={() => props.change('')}>
          Any
        </button>
      )}
    </Menu>
  );
}

/** A filter that takes a text. */
export function TextChip(props: {
  readonly name: string;
  readonly value: string;
  readonly placeholder: string;
  readonly change: (value: string) => void;
}) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  return (
    <Menu
      class={props.value === '' ? 'chip' : 'chip on'}
      button={
        <>
          {props.value === '' ? (
            props.name
          ) : (
            <span>
              {props.name}: <b>{props.value}</b>
            </span>
          )}
          <Icon name="down" />
        </>
      }
    >
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          props.change(text.trim());
        }}
      >
        <input
          type="text"
          aria-label={props.name}
          placeholder={props.placeholder}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <div class="acts">
          <button class="btn small primary" type="submit">
            Apply
          </button>
          <button
            class="btn small"
            type="button"
            disabled={props.value === ''}
            onClick={() => props.change('')}
          >
            Clear
          </button>
        </div>
      </form>
    </Menu>
  );
}
