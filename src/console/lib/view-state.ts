import { navigate, useLocation } from './browser.js';
import { readState, writeState, type UrlState } from './url-state.js';

/** The state of a view as its URL has it, and a way to change parts of it. A change of a filter goes back to the first page. */
export function useViewState<State extends UrlState & { readonly cursor: string }>(
  defaults: State,
): readonly [State, (change: Partial<State>, how?: { readonly replace?: boolean }) => void] {
  const { search } = useLocation();
  const state = readState(search, defaults);
  const change = (part: Partial<State>, how: { readonly replace?: boolean } = {}): void => {
    const next = { ...state, cursor: '', ...part };
    navigate(location.pathname + writeState(next, defaults) + location.hash, how);
  };
  return [state, change];
}

/** True when a filter differs from its default; the order and the page are not filters. */
export function isFiltered<State extends UrlState>(state: State, defaults: State): boolean {
  const notFilters = new Set(['cursor', 'sort', 'group']);
  return Object.keys(defaults).some((name) => !notFilters.has(name) && state[name] !== defaults[name]);
}
