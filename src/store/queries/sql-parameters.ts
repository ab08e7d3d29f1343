import type { Parameters } from '../database.js';

/** Parameters as SQL takes them: dates become milliseconds since 1970. */
export function sqlParameters(parameters: Readonly<Record<string, unknown>>): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value instanceof Date ? value.getTime() : value,
    ]),
  );
}
