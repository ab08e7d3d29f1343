import { navigate, stored } from './browser.js';
import { places } from '../shell/places.js';

/** What the keyboard opens besides places: the palette and the help. */
export interface Openers {
  readonly palette: () => void;
  readonly help: () => void;
  readonly copyLink: () => void;
}

/**
 * Listens for shortcuts until the returned function is called. Letters act only outside of fields and dialogs, and not when the
 * user switched them off. A button with `data-key` is pressed by its letter; in a list without a selection it takes the row in focus.
 */
export function listenForKeys(openers: Openers): () => void {
  let placeUntilMs = 0;
  const listener = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      openers.palette();
      return;
    }
    if (!mayAct(event)) return;
    const place = Date.now() < placeUntilMs ? places.find(({ key }) => key === event.key) : undefined;
    placeUntilMs = event.key === 'g' ? Date.now() + 1_200 : 0;
    const act = place === undefined ? actionOf(event, openers) : () => navigate(place.href);
    if (act === null) return;
    event.preventDefault();
    act();
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}

function mayAct(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  if (document.querySelector('dialog[open], .menu:popover-open') !== null) return false;
  const field =
    event.target instanceof Element && event.target.closest('input:not([type=checkbox]), textarea, select');
  return !field && stored('letters', 'on') === 'on';
}

function actionOf(event: KeyboardEvent, openers: Openers): (() => void) | null {
  switch (event.key) {
    case '/':
      return () => focusSearch() || openers.palette();
    case '?':
      return openers.help;
    case 'y':
      return openers.copyLink;
    case 'j':
      return () => moveRow(1);
    case 'k':
      return () => moveRow(-1);
    case 'x':
    case 'X':
      return () => tickRow(event.shiftKey);
    default:
      return /^[a-z]$/.test(event.key) ? buttonAction(event.key) : null;
  }
}

function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('[data-list-search]');
  search?.focus();
  search?.select();
  return search !== null;
}

function rows(): readonly HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>('main tbody tr')].filter(
    (row) => linkOf(row) !== null,
  );
}

function linkOf(row: Element): HTMLAnchorElement | null {
  return row.querySelector('a[href]');
}

function focusedRow(): HTMLTableRowElement | null {
  return document.activeElement?.closest<HTMLTableRowElement>('tbody tr') ?? null;
}

function moveRow(step: number): void {
  const all = rows();
  const current = focusedRow();
  const at = current === null ? (step > 0 ? -1 : 0) : all.indexOf(current);
  const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
  if (next === undefined) return;
  // Focus that keys moved is shown as such.
  linkOf(next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

let lastTicked: HTMLTableRowElement | null = null;

/** Ticks the row in focus; with `range` every row from the one ticked last. */
function tickRow(range: boolean): void {
  const row = focusedRow();
  if (row === null) return;
  const all = rows();
  const [from, to] = [lastTicked === null || !range ? row : lastTicked, row].map((end) => all.indexOf(end));
  const chosen = all.slice(Math.min(from ?? 0, to ?? 0), Math.max(from ?? 0, to ?? 0) + 1);
  for (const one of chosen.length === 0 ? [row] : chosen) {
    const box = one.querySelector<HTMLInputElement>('td.pick input');
    if (box !== null && (!range || !box.checked)) box.click();
  }
  lastTicked = row;
}

function buttonAction(key: string): (() => void) | null {
  const press = (): boolean => {
    const button = document.querySelector<HTMLButtonElement>(`main [data-key="${key}"]:not([disabled])`);
    button?.click();
    return button !== null;
  };
  const bulk = key === 'a' || key === 's';
  const exists = document.querySelector(`main [data-key="${key}"]`) !== null;
  if (!exists && !(bulk && focusedRow()?.querySelector('td.pick input'))) return null;
  return () => {
    if (press()) return;
    tickRow(false);
    requestAnimationFrame(() => void press());
  };
}
