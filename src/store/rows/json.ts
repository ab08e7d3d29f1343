/** A value as JSON in which halves of surrogate pairs, which UTF-8 cannot hold, have become U+FFFD. */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify escapes lone surrogates, and nothing else of that range.
  if (!json.includes('\\ud')) return json;
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'string' ? item.replace(/\p{Surrogate}/gu, '\ufffd') : item,
  );
}
