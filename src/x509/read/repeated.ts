/**
 * A reader of the bytes in [start, end); undefined means that they are malformed. What it gives depends on these bytes
 * alone.
 */
export type Read<Value> = (bytes: Buffer, start: number, end: number) => Value | undefined;

interface Known<Value> {
  readonly bytes: Uint8Array;
  readonly value: Value;
}

/** Values remembered, as many as {@link placeOf} has places, and the octets of the longest. */
const maxKnown = 512;
const maxLength = 300;

/**
 * The same reader for what certificate after certificate repeats, such as the issuer and its URLs: equal bytes are read once,
 * and all have the one value. The last value of each place in a small table is remembered.
 */
export function repeated<Value>(read: Read<Value>): Read<Value> {
  const known: (Known<Value> | null)[] = new Array<null>(maxKnown).fill(null);
  return (bytes, start, end) => {
    if (end - start > maxLength) return read(bytes, start, end);
    const place = placeOf(bytes, start, end);
    const last = known[place] ?? null;
    if (last !== null && isSame(last.bytes, bytes, start, end)) return last.value;
    const value = read(bytes, start, end);
    // A copy, not to keep the whole certificate in memory.
    if (value !== undefined) known[place] = { bytes: Uint8Array.from(bytes.subarray(start, end)), value };
    return value;
  };
}

/** From the length and some of the last octets, where such values differ (`/17.crl`, `CN=R11`). */
function placeOf(bytes: Uint8Array, start: number, end: number): number {
  let mixed = end - start;
  for (let at = Math.max(start, end - 12); at < end; at += 1) mixed = Math.imul(mixed, 31) + (bytes[at] ?? 0);
  return Math.imul(mixed, 0x9e37_79b1) >>> 23;
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let index = 0; index < known.length; index += 1)
    if (known[index] !== bytes[start + index]) return false;
  return true;
}
