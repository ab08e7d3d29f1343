import { useState } from 'preact/hooks';
import { store, stored } from '../lib/browser.js';
import { Dialog } from '../ui/dialog.js';
import { places } from './places.js';

const inLists = [
  ['j k', 'Next, previous row'],
  ['Enter', 'Open'],
  ['x', 'Select; with Shift a range'],
  ['a', 'Acknowledge'],
  ['s', 'Silence'],
  ['r', 'Scan again'],
  ['y', 'Copy the link to this view'],
  ['Esc', 'Close'],
] as const;

/** The shortcuts, and a switch for those that are single letters. */
export function KeysDialog({ close }: { readonly close: () => void }) {
  const [letters, setLetters] = useState(() => stored('letters', 'on') === 'on');
  const everywhere = [
    ['Ctrl K', 'Find anything'],
    ['/', 'Search this list'],
    ['?', 'This help'],
    ...places.map(({ key, text }) => [`g ${key}`, text] as const),
  ] as const;
  return (
    <Dialog title="Keyboard" close={close}>
      <div class="grid g2">
        <KeyList title="Everywhere" keys={everywhere} />
        <KeyList title="In a list" keys={inLists} />
      </div>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={letters}
          onChange={(event) => {
            setLetters(event.currentTarget.checked);
            store('letters', event.currentTarget.checked ? 'on' : 'off');
          }}
        />
        Single letters act
      </label>
    </Dialog>
  );
}

function KeyList(props: { readonly title: string; readonly keys: readonly (readonly [string, string])[] }) {
  return (
    <div class="stack tight">
      <h3>{props.title}</h3>
      <dl class="facts">
        {props.keys.map(([keys, meaning]) => (
          <>
            <dt key={keys}>
              {keys.split(' ').map((key) => (
                <>
                  <kbd key={key}>{key}</kbd>{' '}
                </>
              ))}
            </dt>
            <dd key={meaning}>{meaning}</dd>
          </>
        ))}
      </dl>
    </div>
  );
}
