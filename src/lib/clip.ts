/** How much of a hostile value is kept: items of a list or an object, UTF-16 units of a text, levels of nesting. */
const limits = { items: 20, characters: 400, levels: 4 };

/**
 * A JSON-safe copy of bounded size: long lists end with `... and N more`, long texts with `...`, what is nested
 * too deep becomes `...`. Dates become ISO text, values JSON has no form for become null.
 */
export function clip(value: unknown, level = 0): unknown {
  if (typeof value === 'string') return clipText(value, limits.characters);
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  if (typeof value === 'bigint') return clipText(value.toString(), limits.characters);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value !== 'object' || value === null) return null;
  if (level >= limits.levels) return '...';
  if (Array.isArray(value)) return clipList(value, level);
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, limits.items)
      .map(([key, item]) => [key, clip(item, level + 1)]),
  );
}

function clipList(list: readonly unknown[], level: number): readonly unknown[] {
  const kept = list.slice(0, limits.items).map((item) => clip(item, level + 1));
  return list.length > limits.items ? [...kept, `... and ${list.length - limits.items} more`] : kept;
}

/** `text`, cut to `maxCharacters` with `...` at the end where it is longer. Never cuts a surrogate pair in two. */
export function clipText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, Math.max(0, maxCharacters - 3)).replace(/[\uD800-\uDBFF]$/, '')}...`;
}
