import { useEffect, useRef, useState } from 'preact/hooks';
import { navigate, useRested } from '../lib/browser.js';
import { Icon } from '../ui/icon.js';
import { Hostile } from '../ui/marks.js';
import { usePaletteGroups, type Hit } from './palette-hits.js';

/** Finds anything: names, certificates, endpoints, findings, actions, places. A combobox after the ARIA pattern. */
export function Palette({ close }: { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const groups = usePaletteGroups(useRested(text.trim(), 120), text.trim());
  const hits = groups.flatMap(({ hits: found }) => found);
  const chosen = hits[Math.min(at, hits.length - 1)];
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const open = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    close();
    navigate(hit.href);
  };
  const step = (by: number): void => {
    const next = Math.max(0, Math.min(hits.length - 1, at + by));
    setAt(next);
    document.getElementById(`hit-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <dialog class="palette" ref={dialog} aria-label="Find anything" onClose={close}>
      <PaletteInput
        text={text}
        active={chosen === undefined ? undefined : `hit-${hits.indexOf(chosen)}`}
        type={(typed) => {
          setText(typed);
          setAt(0);
        }}
        keys={{ ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: () => open(chosen) }}
      />
      <div id="palette-list" role="listbox" aria-label="Results">
        {groups.map(({ heading, hits: found }) => (
          <Group
            key={heading}
            heading={heading}
            hits={found}
            first={hits.indexOf(found[0] as Hit)}
            chosen={chosen}
            open={open}
          />
        ))}
      </div>
      <footer>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> choose
        </span>
        <span>
          <kbd>Enter</kbd> open
        </span>
      </footer>
    </dialog>
  );
}

function PaletteInput(props: {
  readonly text: string;
  readonly active: string | undefined;
  readonly type: (text: string) => void;
  readonly keys: Readonly<Record<string, () => void>>;
}) {
  return (
    <div class="q">
      <Icon name="search" />
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={props.active}
        aria-label="Find anything"
        placeholder="Name, hash, serial number, address"
        autofocus
        value={props.text}
        onInput={(event) => props.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          const act = props.keys[event.key];
          if (act === undefined) return;
          event.preventDefault();
          act();
        }}
      />
      <kbd>Esc</kbd>
    </div>
  );
}

function Group(props: {
  readonly heading: string;
  readonly hits: readonly Hit[];
  readonly first: number;
  readonly chosen: Hit | undefined;
  readonly open: (hit: Hit) => void;
}) {
  const { heading, hits, first, chosen } = props;
  return (
    <div role="group" aria-label={heading}>
      <div class="gh">{heading}</div>
      <ul role="presentation">
        {hits.map((hit, index) => (
          <li
            key={hit.href + hit.text}
            id={`hit-${first + index}`}
            role="option"
            aria-selected={hit === chosen}
            onClick={() => props.open(hit)}
          >
            <Icon name={hit.icon} />
            <span class={hit.isCode === true ? 'mono' : ''}>
              <Hostile text={hit.text} max={120} />
            </span>
            {hit.aside === undefined ? null : <span class="r">{hit.aside}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
