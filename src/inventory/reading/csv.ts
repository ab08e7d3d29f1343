import { textChunks } from '../../lib/decode-text.js';

/** One record of a CSV file. */
export interface CsvRecord {
  /** Line its first character stands on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Far above any row with a certificate in it; more means an unclosed quote. */
const maxRecordLength = 4_000_000;

/**
 * Reads RFC 4180 records: quoted fields may hold delimiters, line ends and doubled quotes; LF or CRLF; UTF-8 with or
 * without byte order mark. Empty lines are left out. Throws when a quote is not closed. Holds one record at a time.
 */
export async function* csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  delimiter = ',',
): AsyncGenerator<CsvRecord, void, undefined> {
  const reader = new RecordReader(delimiter);
  for await (const text of textChunks(chunks)) yield* reader.take(text);
  yield* reader.end();
}

class RecordReader {
  readonly #delimiter: string;
  #fields: string[] = [];
  #field = '';
  /** `closed`: just after a quote inside quotes, which ends the field or is the first of a doubled one. */
  #state: 'plain' | 'quoted' | 'closed' = 'plain';
  #line = 1;
  #startLine = 1;
  #length = 0;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  *take(text: string): Generator<CsvRecord, void, undefined> {
    for (const character of text) {
      if (character === '\n') this.#line += 1;
      if ((this.#length += 1) > maxRecordLength) throw this.#unclosed();
      if (this.#state === 'quoted') {
        if (character === '"') this.#state = 'closed';
        else this.#field += character;
      } else if (character === '"' && this.#state === 'closed') {
        this.#field += '"';
        this.#state = 'quoted';
      } else if (character === '"' && this.#field === '') this.#state = 'quoted';
      else if (character === this.#delimiter) this.#endField();
      else if (character === '\n') yield* this.#endRecord();
      else this.#field += character;
    }
  }

  *end(): Generator<CsvRecord, void, undefined> {
    if (this.#state === 'quoted') throw this.#unclosed();
    yield* this.#endRecord();
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = '';
    this.#state = 'plain';
  }

  *#endRecord(): Generator<CsvRecord, void, undefined> {
    if (this.#field.endsWith('\r')) this.#field = this.#field.slice(0, -1);
    this.#endField();
    const record = { line: this.#startLine, fields: this.#fields };
    this.#fields = [];
    this.#startLine = this.#line;
    this.#length = 0;
    if (record.fields.length > 1 || record.fields[0] !== '') yield record;
  }

  #unclosed(): Error {
    return new Error(`the record that begins on line ${this.#startLine} has a quote that is not closed`);
  }
}
