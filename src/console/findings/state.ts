import { sent, type UrlState } from '../lib/url-state.js';

/** What the view of findings keeps in its URL; names are those of the API. */
export const defaults = {
  state: 'open',
  severity: '',
  rule: '',
  subjectKind: '',
  owner: '',
  environment: '',
  assignee: '',
  q: '',
  host: '',
  cause: '',
  group: 'cause',
  sort: '-severity',
  cursor: '',
};

/** The state of the view of findings. */
export type FindingsState = typeof defaults;

/** The filters alone, as the API takes them. */
export function filtersOf(state: FindingsState): Partial<Record<keyof FindingsState, string>> {
  const { group: _group, sort: _sort, cursor: _cursor, ...filters } = state;
  return sent(filters satisfies UrlState);
}

/** Path of the file with everything that the filters let through. */
export function exportPath(state: FindingsState): string {
  const query = new URLSearchParams({ ...filtersOf(state), sort: state.sort, format: 'csv' });
  return `/api/v1/findings?${query.toString()}`;
}
