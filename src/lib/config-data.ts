import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** Reads a data file that ships in config/, checked by its schema. Throws when the file is missing or does not fit: a broken package. */
export function readConfigData<T>(name: string, schema: z.ZodType<T>): T {
  // Seen from the compiled file.
  const file = new URL(`../../../config/${name}`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
