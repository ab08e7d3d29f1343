/** How rows of one table are written: JSONCompactEachRow in the order of `columns`. */
export interface RowCodec<T> {
  readonly table: string;
  readonly columns: readonly string[];
  encode(value: T): readonly unknown[];
}

/** The range of DateTime64(3), 1900 to 2299, in milliseconds since 1970. */
const earliestMs = -2_208_988_800_000;
const latestMs = 10_413_791_999_000;

/** A Date as the column type DateTime64(3) takes it; what lies outside its range is put at its border. */
export function dateTime(date: Date): number {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw new Error('cannot store an invalid date');
  return Math.min(Math.max(ms, earliestMs), latestMs);
}

/** As {@link dateTime}, null kept. */
export function dateTimeOrNull(date: Date | null): number | null {
  return date === null ? null : dateTime(date);
}

/** One row as a line. Halves of surrogate pairs, which UTF-8 cannot hold, become U+FFFD. */
export function encodeRow(row: readonly unknown[]): string {
  const line = JSON.stringify(row);
  // JSON.stringify writes a lone surrogate as an escape, and nothing else of that range.
  return line.includes('\\ud') ? JSON.stringify(wellFormed(row)) : line;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('utf8');
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map((entry) => entry.map(wellFormed) as [string, unknown]));
}

/** Base64 as the `_base64` columns take it. */
export function base64(bytes: Uint8Array | null): string {
  return bytes === null
    ? ''
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
