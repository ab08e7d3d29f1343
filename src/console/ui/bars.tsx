import type { ComponentChildren } from 'preact';

/** One bar. `tone`: `v` plain, `v2` issued, `warn` and `okv` as states. */
export interface Bar {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly shown: ComponentChildren;
  readonly value: number;
  readonly tone?: 'v' | 'v2' | 'warn' | 'okv';
}

/** Bars of counts. A full bar stands for `whole`, or for the greatest value. */
export function Bars({ of, whole }: { readonly of: readonly Bar[]; readonly whole?: number }) {
  const full = whole ?? Math.max(1, ...of.map(({ value }) => value));
  return (
    <ul class="bars">
      {of.map(({ key, label, shown, value, tone = 'v' }) => (
        <li key={key}>
          <span>{label}</span>
          <span>{shown}</span>
          <svg aria-hidden="true">
            <rect class={tone} width={`${Math.min(100, (100 * value) / full).toFixed(1)}%`} height="100%" />
          </svg>
        </li>
      ))}
    </ul>
  );
}
