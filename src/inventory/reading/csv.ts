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
 * Reads RFC 4180 records as Excel, PowerShell and databases write them: quoted fields may hold delimiters, line ends and doubled quotes;
 * LF or CRLF; UTF-8 or UTF-16. Excel's `sep=` line and PowerShell's `#TYPE` line before the header are taken for what they are. With
 * a null `delimiter` the first record's most frequent one of comma, semicolon, tab and bar is used. Empty lines are left out. Throws when
 * a quote is not closed. Holds one record at a time.
 */
export async function* csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string | null = ',',
): AsyncGenerator<CsvRecord, void, undefined> {
  let head = '';
  let reader: RecordReader | null = null;
  for await (const text of textChunks(chunks)) {
    if (reader !== null) yield* reader.take(text);
    else if (hasHeader((head += text)) || head.length > maxRecordLength) {
      reader = new RecordReader(delimiterOf(head, delimiter));
      yield* reader.take(head);
    }
  }
  reader ??= new RecordReader(delimiterOf(head, delimiter));
  if (head !== '' && reader.isFresh) yield* reader.take(head);
  yield* reader.end();
}

/** Lines before the header that say how the file was made. */
const preamble = /^(?:\s*|sep=.|#TYPE .*)$/i;

/** True once a whole line that may be the header is there. */
function hasHeader(head: string): boolean {
  const lines = head.split(/\r?\n/);
  return lines.slice(0, -1).some((line) => !preamble.test(line));
}

/** What Excel's `sep=` line says wins over what is configured, which wins over what the header looks like. */
function delimiterOf(head: string, configured: string | null): string {
  const lines = head.split(/\r?\n/);
  const said = lines.map((line) => /^sep=(.)$/i.exec(line)?.[1]).find((one) => one !== undefined);
  if (said !== undefined) return said;
  if (configured !== null) return configured;
  const header = (lines.find((line) => !preamble.test(line)) ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((one) => [one, header.split(one).length] as const);
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
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
  #hasRecord = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** Nothing was taken yet. */
  get isFresh(): boolean {
    return this.#line === 1 && this.#length === 0;
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
    const isPreamble = !this.#hasRecord && preamble.test(record.fields.join(this.#delimiter));
    this.#fields = [];
    this.#startLine = this.#line;
    this.#length = 0;
    if (isPreamble || (record.fields.length === 1 && record.fields[0] === '')) return;
    this.#hasRecord = true;
    yield record;
  }

  #unclosed(): Error {
    return new Error(`the record that begins on line ${this.#startLine} has a quote that is not closed`);
  }
}
