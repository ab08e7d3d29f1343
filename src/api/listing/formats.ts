/** A row as it goes over the wire: values that JSON has. */
export type WireRow = Readonly<Record<string, unknown>>;

/** The parts of a row that were asked for, in the order asked; all of it when nothing was. */
export function pick(row: WireRow, fields: readonly string[] | undefined): WireRow {
  return fields === undefined ? row : Object.fromEntries(fields.map((field) => [field, row[field] ?? null]));
}
