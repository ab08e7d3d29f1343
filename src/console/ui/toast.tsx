import { useEffect, useState } from 'preact/hooks';
import { Shape } from './severity.js';

interface Said {
  readonly id: number;
  readonly tone: 'ok' | 'error';
  readonly text: string;
  readonly undo: (() => void) | undefined;
}

let said: readonly Said[] = [];
let last = 0;
const listeners = new Set<() => void>();

/** Says what was done, or what was not, for a few seconds; with Undo where that exists. */
export function toast(tone: 'ok' | 'error', text: string, undo?: () => void): void {
  last += 1;
  const id = last;
  change([...said.slice(-2), { id, tone, text, undo }]);
  setTimeout(() => change(said.filter((other) => other.id !== id)), undo === undefined ? 6_000 : 12_000);
}

function change(next: readonly Said[]): void {
  said = next;
  for (const listener of listeners) listener();
}

/** Where toasts appear. */
export function Toasts() {
  const [, render] = useState(0);
  useEffect(() => {
    const listener = (): void => render((times) => times + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return (
    <div class="toasts" role="status">
      {said.map(({ id, tone, text, undo }) => (
        <div key={id} class={`toast ${tone}`}>
          <Shape tone={tone} />
          <span>{text}</span>
          {undo === undefined ? null : (
            <button
              class="btn small"
              type="button"
              onClick={() => {
                change(said.filter((other) => other.id !== id));
                undo();
              }}
            >
              Undo
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
