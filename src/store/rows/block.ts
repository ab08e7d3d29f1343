import { ByteSink } from './byte-sink.js';
import type { ColumnWriter, RowCodec } from './column.js';

/** Rows of one table gathered into one block of ClickHouse's format Native: columns one after the other, nothing to parse. */
export class BlockBuilder<Row> {
  readonly #codec: RowCodec<Row>;
  readonly #writers: readonly ColumnWriter<Row>[];
  readonly #sinks: readonly ByteSink[];
  #rows = 0;

  constructor(codec: RowCodec<Row>) {
    this.#codec = codec;
    this.#writers = codec.columns.map((column) => column.open());
    this.#sinks = this.#writers.flatMap((writer) => writer.sinks);
  }

  /** Rows added. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes gathered. */
  get length(): number {
    return this.#sinks.reduce((sum, sink) => sum + sink.length, 0);
  }

  /** Adds rows, column by column; all of them or, when it throws, none. */
  add(rows: readonly Row[]): void {
    const lengths = this.#sinks.map((sink) => sink.length);
    try {
      for (const writer of this.#writers) for (const row of rows) writer.append(row);
    } catch (error) {
      this.#sinks.forEach((sink, index) => sink.truncate(lengths[index] ?? 0));
      throw error;
    }
    this.#rows += rows.length;
  }

  /** Empties the builder, which keeps its memory; the pieces of the block before must not be in use any more. */
  clear(): void {
    for (const sink of this.#sinks) sink.truncate(0);
    this.#rows = 0;
  }

  /** The block, in pieces. Nothing may be added until `clear`. */
  finish(): readonly Buffer[] {
    const pieces: Buffer[] = [];
    let header = new ByteSink();
    header.varint(this.#codec.columns.length);
    header.varint(this.#rows);
    for (const [index, column] of this.#codec.columns.entries()) {
      header.text(column.name);
      header.text(column.type);
      pieces.push(header.take(), ...(this.#writers[index]?.sinks ?? []).map((sink) => sink.take()));
      header = new ByteSink();
    }
    return pieces.filter((piece) => piece.length > 0);
  }
}
