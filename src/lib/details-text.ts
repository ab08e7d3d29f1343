/** `key value, key value`, lists as `[a, b]`, problems as `code: message`, not escaped; empty when there are none. */
export function detailsText(details: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(details)
    .filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${key} ${valueText(value)}`);
  return parts.join(', ');
}

/** One detail in words; see {@link detailsText}. Not escaped. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) {
    const isFlat = value.every((item) => typeof item === 'string');
    return `[${value.map(valueText).join(isFlat ? ', ' : '; ')}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const { code, message, ...rest } = value as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || typeof message !== 'string') return detailsText({ ...value });
  return [`${code}: ${message}`, detailsText(rest)].filter((text) => text !== '').join(', ');
}
