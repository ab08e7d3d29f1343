/** Empty text means absent in the columns that are never empty otherwise. */
export function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** A DateTime64 column (ISO 8601 text). */
export function date(text: string): Date {
  return new Date(text);
}

/** As {@link date}, null kept. */
export function dateOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** Milliseconds since 1970 in an Int64 column (text). */
export function dateOfMs(ms: string | null): Date | null {
  return ms === null ? null : new Date(Number(ms));
}
