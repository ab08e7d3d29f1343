/** Returns what was made for an equal `basis` (plain JSON) of the same name before, otherwise what `make` makes now. */
export type Keep = <T>(name: string, basis: unknown, make: () => T) => T;

/** See {@link Keep}. What a new configuration does not change stays the same object, and so goes on running. */
export function createKeep(): Keep {
  const made = new Map<string, unknown>();
  return <T>(name: string, basis: unknown, make: () => T): T => {
    const key = JSON.stringify([name, basis]);
    if (made.has(key)) return made.get(key) as T;
    const value = make();
    made.set(key, value);
    if (value instanceof Promise) value.catch(() => made.delete(key));
    return value;
  };
}
