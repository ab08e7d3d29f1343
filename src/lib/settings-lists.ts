import { readFileSync } from 'node:fs';
import { decodeText } from './decode-text.js';
import type { Shape } from './settings-shape.js';

/** Marks a list that also takes `@FILE`, one entry a line; `key` is the key of an entry that a line becomes, `''` for the line itself. */
export function fromLines(key: string): Readonly<Record<string, unknown>> {
  return { 'x-lines': key };
}

const mostBytes = 64 * 1024 * 1024;

/**
 * Replaces `@FILE` in the lists that take it (see {@link fromLines}) by the lines of the file, comments (`#`) and empty lines left out. Changes
 * `value` in place; `complain` gets the path of what cannot be read, and why.
 */
export function expandLists(
  value: unknown,
  shape: Shape | undefined,
  complain: (path: readonly (string | number)[], sentence: string) => void,
  path: readonly (string | number)[] = [],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    const key = shape?.['x-lines'];
    if (typeof key === 'string') value.splice(0, value.length, ...expanded(value, key, path, complain));
    value.forEach((item, index) => expandLists(item, shape?.items, complain, [...path, index]));
    return;
  }
  for (const [name, inner] of Object.entries(value))
    expandLists(inner, shape?.properties?.[name], complain, [...path, name]);
}

function expanded(
  items: readonly unknown[],
  key: string,
  path: readonly (string | number)[],
  complain: (path: readonly (string | number)[], sentence: string) => void,
): readonly unknown[] {
  return items.flatMap((item, index) => {
    if (typeof item !== 'string' || !item.startsWith('@')) return [item];
    const file = item.slice(1);
    try {
      return linesOf(file).map((line) => (key === '' ? line : { [key]: line }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      complain([...path, index], `@${file} cannot be read (${reason}); give a file with one entry a line`);
      return [];
    }
  });
}

function linesOf(file: string): readonly string[] {
  const bytes = readFileSync(file);
  if (bytes.length > mostBytes) throw new Error('it is larger than 64 MiB');
  const text = decodeText(bytes);
  if (text === null) throw new Error('it is no text');
  return text.split(/\r?\n/).flatMap((line) => line.replace(/(^|\s)#.*/, '').trim() || []);
}
