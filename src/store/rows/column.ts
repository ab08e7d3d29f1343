import { ByteSink } from './byte-sink.js';

/** One column of a table: its name, its type on the wire, and how the values of rows are appended to it. */
export interface Column<Row> {
  readonly name: string;
  /** ClickHouse type of what is sent; the table converts it to its own (String to LowCardinality or Enum, for example). */
  readonly type: string;
  open(): ColumnWriter<Row>;
}

/** A column that is being filled. */
export interface ColumnWriter<Row> {
  append(row: Row): void;
  readonly sinks: readonly ByteSink[];
}

/** How rows of one table are written. */
export interface RowCodec<Row> {
  readonly table: string;
  /** Rows that come in numbers, and whose source can wait. */
  readonly isBulk?: true;
  readonly columns: readonly Column<Row>[];
}

/** How single values of a type are written. */
interface Values<Value> {
  readonly type: string;
  open(): { append(value: Value): void; readonly sinks: readonly ByteSink[] };
}

function plain<Value>(type: string, write: (sink: ByteSink, value: Value) => void): Values<Value> {
  return {
    type,
    open() {
      const sink = new ByteSink();
      return { append: (value) => write(sink, value), sinks: [sink] };
    },
  };
}

const texts = plain<string>('String', (sink, value) => sink.text(value));

function column<Row, Value>(name: string, values: Values<Value>, of: (row: Row) => Value): Column<Row> {
  return {
    name,
    type: values.type,
    open() {
      const writer = values.open();
      return { append: (row) => writer.append(of(row)), sinks: writer.sinks };
    },
  };
}

/** A String column of text; null is written as empty text. */
export function text<Row>(name: string, of: (row: Row) => string | null): Column<Row> {
  return column(name, texts, (row) => of(row) ?? '');
}

/** A String column of bytes; null is written as no bytes. */
export function bytes<Row>(name: string, of: (row: Row) => Uint8Array | null): Column<Row> {
  const empty = new Uint8Array(0);
  return column(
    name,
    plain<Uint8Array>('String', (sink, value) => sink.bytes(value)),
    (row) => of(row) ?? empty,
  );
}

/** A Bool column. */
export function flag<Row>(name: string, of: (row: Row) => boolean): Column<Row> {
  return column(
    name,
    plain<boolean>('Bool', (sink, value) => sink.uint8(value ? 1 : 0)),
    of,
  );
}

/** A UInt32 column; what does not fit is put at the border. */
export function uint32<Row>(name: string, of: (row: Row) => number): Column<Row> {
  return column(
    name,
    plain<number>('UInt32', (sink, value) => sink.uint32(clamp(Math.round(value), 0, 0xffff_ffff))),
    of,
  );
}

/** A UInt64 column from a safe integer or a bigint. */
export function uint64<Row>(name: string, of: (row: Row) => number | bigint): Column<Row> {
  return column(name, uint64s, of);
}

/** A Float64 column; what is not finite becomes 0. */
export function float64<Row>(name: string, of: (row: Row) => number): Column<Row> {
  return column(
    name,
    plain<number>('Float64', (sink, value) => sink.float64(Number.isFinite(value) ? value : 0)),
    of,
  );
}

/** A DateTime64(3) column; what lies outside its range, 1900 to 2299, is put at its border. Refuses an invalid Date. */
export function instant<Row>(name: string, of: (row: Row) => Date): Column<Row> {
  return column(name, instants, of);
}

/** As {@link instant}, with null. */
export function instantOrNull<Row>(name: string, of: (row: Row) => Date | null): Column<Row> {
  return column(name, nullable(instants, new Date(0)), of);
}

/** A Nullable(Int64) column of exact milliseconds since 1970. */
export function millisecondsOrNull<Row>(name: string, of: (row: Row) => Date | null): Column<Row> {
  const values = nullable(
    plain<number>('Int64', (sink, value) => sink.int64(value)),
    0,
  );
  return column(name, values, (row) => {
    const ms = of(row)?.getTime() ?? null;
    return ms === null || Number.isNaN(ms) ? null : ms;
  });
}

/** A Nullable(String) column. */
export function textOrNull<Row>(name: string, of: (row: Row) => string | null): Column<Row> {
  return column(name, nullable(texts, ''), of);
}

/** A Nullable(UInt32) column. */
export function uint32OrNull<Row>(name: string, of: (row: Row) => number | null): Column<Row> {
  const values = plain<number>('UInt32', (sink, value) =>
    sink.uint32(clamp(Math.round(value), 0, 0xffff_ffff)),
  );
  return column(name, nullable(values, 0), of);
}

/** An Array(String) column. */
export function textList<Row>(name: string, of: (row: Row) => readonly string[]): Column<Row> {
  return column(name, list(texts), of);
}

/** An Array(UInt32) column. */
export function uint32List<Row>(name: string, of: (row: Row) => readonly number[]): Column<Row> {
  return column(name, list(plain<number>('UInt32', (sink, value) => sink.uint32(value))), of);
}

/** A Map(String, String) column. */
export function textMap<Row>(name: string, of: (row: Row) => Readonly<Record<string, string>>): Column<Row> {
  return column(name, map(texts), of);
}

/** A Map(String, UInt64) column. */
export function countMap<Row>(name: string, of: (row: Row) => Readonly<Record<string, number>>): Column<Row> {
  return column(name, map(uint64s), of);
}

/** A Tuple column made of other columns, whose names become the names of its elements. */
export function tuple<Row>(name: string, elements: readonly Column<Row>[]): Column<Row> {
  return {
    name,
    type: `Tuple(${elements.map((element) => `${element.name} ${element.type}`).join(', ')})`,
    open() {
      const writers = elements.map((element) => element.open());
      return {
        append: (row) => writers.forEach((writer) => writer.append(row)),
        sinks: writers.flatMap((writer) => writer.sinks),
      };
    },
  };
}

const uint64s = plain<number | bigint>('UInt64', (sink, value) => {
  if (typeof value === 'bigint') sink.uint64(value);
  else sink.int64(Math.max(0, value));
});

const instants = plain<Date>('DateTime64(3)', (sink, value) => {
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new Error('cannot store an invalid date');
  sink.int64(clamp(ms, -2_208_988_800_000, 10_413_791_999_000));
});

function nullable<Value>(values: Values<Value>, inPlaceOfNull: Value): Values<Value | null> {
  return {
    type: `Nullable(${values.type})`,
    open() {
      const nulls = new ByteSink();
      const inner = values.open();
      return {
        append(value) {
          nulls.uint8(value === null ? 1 : 0);
          inner.append(value ?? inPlaceOfNull);
        },
        sinks: [nulls, ...inner.sinks],
      };
    },
  };
}

function list<Value>(values: Values<Value>): Values<readonly Value[]> {
  return {
    type: `Array(${values.type})`,
    open() {
      const offsets = new ByteSink();
      const inner = values.open();
      return {
        append(items) {
          offsets.int64(offsets.lastInt64() + items.length);
          for (const item of items) inner.append(item);
        },
        sinks: [offsets, ...inner.sinks],
      };
    },
  };
}

function map<Value>(values: Values<Value>): Values<Readonly<Record<string, Value>>> {
  return {
    type: `Map(String, ${values.type})`,
    open() {
      const offsets = new ByteSink();
      const [keys, inner] = [texts.open(), values.open()];
      return {
        append(record) {
          const entries = Object.entries(record);
          offsets.int64(offsets.lastInt64() + entries.length);
          for (const [key, value] of entries) {
            keys.append(key);
            inner.append(value);
          }
        },
        sinks: [offsets, ...keys.sinks, ...inner.sinks],
      };
    },
  };
}

function clamp(value: number, least: number, most: number): number {
  return value > least ? Math.min(value, most) : least;
}
