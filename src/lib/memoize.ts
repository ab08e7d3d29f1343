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

/** Remembers the values of `compute` for as long as the object they were computed from is in use; it must not change. */
export function perObject<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const values = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const known = values.get(key);
    if (known !== undefined) return known.value;
    const value = compute(key);
    values.set(key, { value });
    return value;
  };
}

/** Computes a value when it is first asked for. */
export function lazily<V>(compute: () => V): () => V {
  let known: { readonly value: V } | null = null;
  return () => (known ??= { value: compute() }).value;
}
