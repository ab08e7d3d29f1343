/** What a view keeps in its URL: names and texts, absent ones empty. Lists are texts with commas, as the API takes them. */
export type UrlState = Readonly<Record<string, string>>;

/** Reads the parameters that a view knows, with its defaults for those that are absent. Unknown ones are ignored. */
export function readState<State extends UrlState>(search: string, defaults: State): State {
  const given = new URLSearchParams(search);
  const entries = Object.entries(defaults).map(([name, fallback]) => [name, given.get(name) ?? fallback]);
  return Object.fromEntries(entries) as State;
}

/** The query string of a state, `?state=open`; what equals its default is left out, so that links stay short. */
export function writeState<State extends UrlState>(state: State, defaults: State): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) if (value !== defaults[name]) given.set(name, value);
  const text = given.toString();
  return text === '' ? '' : `?${text.replaceAll('%2C', ',')}`;
}

/** The items of a list in the URL. */
export function listOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}

/** The list with `item` added, or removed if it was there. */
export function toggled(text: string, item: string): string {
  const items = listOf(text);
  return (items.includes(item) ? items.filter((other) => other !== item) : [...items, item]).join(',');
}

/** The parameters to send: those that are not empty. */
export function sent<T extends UrlState>(state: T): Partial<Record<keyof T, string>> {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== '')) as Partial<
    Record<keyof T, string>
  >;
}
