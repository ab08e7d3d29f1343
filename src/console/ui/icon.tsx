/** Drawn on a grid of 16, one stroke of 1.5. */
const shapes = {
  overview: 'M2.5 11.5a5.5 5.5 0 1 1 11 0M8 11.5l2.6-3.6',
  finding: 'M3.5 14V2.5M3.5 3h8.5l-2 3 2 3H3.5',
  certificate:
    'M3.5 2.5h9a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 10V4a1.5 1.5 0 0 1 1.5-1.5zM4.5 5.5h5M4.5 8h3M9.8 10.2v4l1.4-1 1.4 1v-4',
  endpoint:
    'M3.5 2.5h9a1 1 0 0 1 1 1V6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V3.5a1 1 0 0 1 1-1zM3.5 9h9a1 1 0 0 1 1 1v2.5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1zM5 4.75h.01M5 11.25h.01',
  name: 'M2.5 4h11M2.5 8h7M2.5 12h9',
  log: 'M8 4v1M8 5 4 8.5M8 5l4 3.5M4 8.5V11M12 8.5V11M8 2a1 1 0 1 1 0 2 1 1 0 0 1 0-2zM2.5 11h3v3h-3zM10.5 11h3v3h-3z',
  scan: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM8 8l4-4',
  inventory: 'M2.5 5 8 2.3 13.5 5v6L8 13.7 2.5 11zM2.5 5 8 7.8 13.5 5M8 7.8v5.9',
  delivery: 'M14 2 7.2 8.8M14 2 9.6 14l-2.4-5.2L2 6.4z',
  report: 'M4 2.5h5.5L12 5v8.5H4zM9.5 2.5V5H12M6 8h4M6 10.5h4',
  settings:
    'M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M10.2 2.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4zM5.8 9.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  search: 'M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM10.2 10.2l3.3 3.3',
  help: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM6.3 6.3a1.7 1.7 0 1 1 2.5 1.5c-.6.3-.8.7-.8 1.3M8 11.3h.01',
  user: 'M8 2.8a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4zM2.8 13.5c.6-2.6 2.7-4 5.2-4s4.6 1.4 5.2 4',
  theme: 'M8 2.5a5.5 5.5 0 1 1 0 11zM8 2.5a5.5 5.5 0 1 0 0 11M9 4v8M10.5 4.5v7M12 6v4',
  download: 'M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M3 13.5h10',
  copy: 'M6.8 5.5h5.4a1.3 1.3 0 0 1 1.3 1.3v5.4a1.3 1.3 0 0 1-1.3 1.3H6.8a1.3 1.3 0 0 1-1.3-1.3V6.8a1.3 1.3 0 0 1 1.3-1.3zM10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2',
  link: 'M6.8 9.2 9.6 6.4M7.5 4.6l1.2-1.2a2.7 2.7 0 0 1 3.9 3.9l-1.3 1.2M8.5 11.4l-1.2 1.2a2.7 2.7 0 0 1-3.9-3.9l1.3-1.2',
  close: 'm4 4 8 8M12 4l-8 8',
  down: 'm4 6 4 4 4-4',
  right: 'm6 3.5 4.5 4.5L6 12.5',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  plus: 'M8 3v10M3 8h10',
  mute: 'M3.5 11.5h9c-1-1-1.2-2-1.2-4.2a3.3 3.3 0 0 0-6.6 0c0 2.2-.2 3.2-1.2 4.2zM2.5 2.5l11 11',
  again: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.5v2.8h-2.8',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof shapes;

/** A small picture beside a word; it never stands for one. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="ico" viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}

/** The two lenses: what is served and what was issued. */
export function Brand() {
  return (
    <svg viewBox="0 0 24 16" aria-hidden="true">
      <circle class="lens-a on" cx="9" cy="8" r="6" />
      <circle class="lens-b on" cx="15" cy="8" r="6" />
    </svg>
  );
}
