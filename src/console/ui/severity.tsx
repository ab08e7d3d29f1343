import type { ComponentChildren } from 'preact';
import type { Severity as Level } from '../../model/severity.js';

/** How something stands: the severities, `ok`, `off` (not applicable, nothing), `run` (under way). */
export type Tone = Level | 'ok' | 'off' | 'run';

const words: Readonly<Record<Level, string>> = {
  critical: 'Critical',
  error: 'Error',
  warning: 'Warning',
  notice: 'Notice',
};

/** `Critical` and so on. */
export function severityWord(level: Level): string {
  return words[level];
}

/** Worst first. */
export const worstFirst: readonly Level[] = ['critical', 'error', 'warning', 'notice'];

const outlines: Readonly<Record<Tone, string>> = {
  critical: 'M4.3.8h5.4l3.5 3.5v5.4l-3.5 3.5H4.3L.8 9.7V4.3zM7 3.8v4M7 10.2h.01',
  error: 'M7 .9 13.1 7 7 13.1.9 7zM7 4.3v3M7 9.6h.01',
  warning: 'M7 1.3 13.3 12.4H.7zM7 5.4v3M7 10.4h.01',
  notice: 'M7 1.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 7 1.2zM7 6.4v3.4M7 4.2h.01',
  ok: 'm2 7.6 3.2 3.2L12 3.6',
  off: 'M3 7h8',
  run: 'M12.5 7A5.5 5.5 0 1 1 7 1.5',
};

/** Octagon, diamond, triangle, circle, tick: each state has a shape of its own. */
export function Shape({ tone }: { readonly tone: Tone }) {
  return (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <path
        d={outlines[tone]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

/** A severity as shape, word and colour. `plain` has no ground; children replace the word. */
export function Severity(props: {
  readonly level: Level | 'ok';
  readonly plain?: boolean;
  readonly children?: ComponentChildren;
}) {
  const { level, plain, children } = props;
  return (
    <span class={`sev ${level}${plain === true ? ' plain' : ''}`}>
      <Shape tone={level} />
      <span>{children ?? (level === 'ok' ? 'OK' : words[level])}</span>
    </span>
  );
}

/** How something stands, in a few words with a shape. */
export function State({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return (
    <span class={`state ${tone}`}>
      <Shape tone={tone} />
      <span>{children}</span>
    </span>
  );
}
