import type { RowCodec } from './column.js';

/** Names of a table's columns for a SELECT, without `version`. */
export function columnNames<T>(codec: RowCodec<T>): string {
  return codec.columns
    .map((column) => column.name)
    .filter((name) => name !== 'version')
    .join(', ');
}
