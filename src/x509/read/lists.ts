/** The one empty list. Most lists of a certificate stay empty or hold one value, so they are made when first needed. */
export const emptyList: never[] = [];

/** The list with one value more: a new one for an empty list, else the same. */
export function append<Value>(list: Value[], value: Value): Value[] {
  if (list.length === 0) return [value];
  list.push(value);
  return list;
}
