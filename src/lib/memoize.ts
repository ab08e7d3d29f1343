/** Remembers the values of `compute` by its first argument, the oldest forgotten beyond `capacity`. */
export function memoize<A extends readonly unknown[], V>(
  capacity: number,
  compute: (key: string, ...rest: A) => V,
): (key: string, ...rest: A) => V {
  const values = new Map<string, V>();
  return (key, ...rest) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = compute(key, ...rest);
    if (values.size >= capacity) values.delete(values.keys().next().value ?? '');
    values.set(key, value);
    return value;
  };
}
