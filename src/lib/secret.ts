import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * A configuration value that must not stand in the file itself: `file:PATH` is replaced by that file's content without the
 * trailing line break (`${ENV}` is replaced before any schema sees the value). Never logged, never answered by the API.
 */
export const secretString = z
  .string()
  .meta({ writeOnly: true })
  .transform((value, context) => {
    if (!value.startsWith('file:')) return value;
    const path = value.slice('file:'.length);
    try {
      return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      context.addIssue({ code: 'custom', message: `cannot read the secret file ${path} (${reason})` });
      return z.NEVER;
    }
  });
