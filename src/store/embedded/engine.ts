import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from 'chdb';
import { DiskWatch } from './disk-watch.js';
import { allowedFunctions, refuseOtherFunctions } from './guard.js';
import { bindParameters, quoteIdentifier, quoteString } from './parameters.js';
import { refuseExcess } from './reader-limits.js';
import { cancellable, SessionPool, type EngineQuery } from './sessions.js';
import {
  dataInsert,
  outputFormat,
  statementKind,
  StatementError,
  tokenize,
  type DataInsert,
  type StatementKind,
  type Token,
} from './statement.js';

/** What the parent tells the child at start; secrets travel here, never in arguments or the environment. */
export interface EngineOptions {
  readonly dataDir: string;
  readonly database: string;
  readonly port: number;
  readonly writerPassword: string;
  /** The process that opens the engine. It may be gone before the engine is open, and then is nobody's parent any more. */
  readonly servicePid: number;
  /** Empty: no such user. */
  readonly readerPassword: string;
  readonly readers: number;
  readonly memoryMiB: number;
  readonly queryMemoryMiB: number;
  readonly querySeconds: number;
  /** Processor time that one statement of a reader may take, milliseconds. */
  readonly readerCpuMs: number;
  /** Rows are not deleted by age while this engine is open: it would begin before anyone could forbid it. */
  readonly keepsExpired: boolean;
  /** Folder for rows that are being inserted; emptied at start. */
  readonly uploadDir: string;
  /** Below this folder backups may be written. */
  readonly backupDir: string;
  readonly maxStatementBytes: number;
  readonly maxUploadBytes: number;
}

/** A request after HTTP was taken off it. */
export interface EngineRequest {
  readonly user: 'writer' | 'reader';
  readonly sql: string;
  /** File that holds the rows of an insert; null when the statement comes with none. */
  readonly upload: { readonly path: string; readonly bytes: number } | null;
  readonly parameters: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
  readonly defaultFormat: string;
  readonly stream: boolean;
  /** Given by clients that read format Native in a form of their own. */
  readonly clientProtocolVersion: string | undefined;
  readonly signal: AbortSignal;
}

/** An answer: all at once, or piece by piece. */
export interface EngineResult {
  readonly format: string;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  readonly readRows: number;
}

/** Formats whose pieces can be laid end to end. */
const streamable = new Set([
  'JSONEachRow',
  'JSONCompactEachRow',
  'TabSeparated',
  'TSV',
  'CSV',
  'Native',
  'RowBinary',
]);
/** The answer to an insert. */
const stored: EngineResult = { format: 'TabSeparated', body: new Uint8Array(0), readRows: 0 };

/** The sessions of one data folder. */
export class Engine {
  readonly version: string;
  readonly #readerFunctions: ReadonlySet<string>;
  readonly #writers: SessionPool;
  readonly #keepers: SessionPool;
  readonly #readers: SessionPool;
  readonly #guests: SessionPool;
  readonly #killer: SessionPool;
  readonly #disk: DiskWatch;
  readonly #readerCpuMs: number;

  /**
   * Opens the folder, which this process then owns. Throws chdb's ChdbConnectionError when another process does. `die` ends the process
   * by force, for the reason given.
   */
  constructor(chdb: { Session: typeof Session }, options: EngineOptions, die: (why: string) => void) {
    this.#readerCpuMs = options.readerCpuMs;
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    const first = new chdb.Session(options.dataDir, { connectionArgs: engineArguments(options) });
    // Whether the clock can be trusted to delete by, the service knows: see clock-guard.ts.
    first.query('SYSTEM STOP TTL MERGES');
    first.query(`CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(options.database)} ENGINE = Atomic`);
    rmSync(options.uploadDir, { recursive: true, force: true });
    mkdirSync(options.backupDir, { recursive: true, mode: 0o700 });
    mkdirSync(options.uploadDir, { recursive: true, mode: 0o700 });
    this.#readerFunctions = allowedFunctions((sql) => first.query(sql, 'TabSeparatedRaw'));
    this.version = first.query('SELECT version()', 'TabSeparatedRaw').trim();
    const open = (count: number, settings: readonly string[]): Session[] =>
      Array.from({ length: count }, () => {
        const session = new chdb.Session(options.dataDir);
        session.query(`USE ${quoteIdentifier(options.database)}`);
        for (const setting of settings) session.query(`SET ${setting}`);
        return session;
      });
    const always = [
      'output_format_json_quote_64bit_integers = 1',
      "session_timezone = 'UTC'",
      // Bound parameters make a statement longer than it came.
      `max_query_size = ${4 * options.maxStatementBytes}`,
    ];
    const limited = [
      ...always,
      `max_memory_usage = ${options.queryMemoryMiB * 1_048_576}`,
      `max_execution_time = ${options.querySeconds}`,
      'max_result_bytes = 268435456',
      'max_threads = 2',
    ];
    const locked = [
      ...limited,
      `max_memory_usage = ${Math.min(options.queryMemoryMiB, readerMemoryMiB) * 1_048_576}`,
      'max_threads = 1',
      // The product's own queries go first.
      'os_threads_nice_value_query = 15',
      'max_result_rows = 1000000',
      "result_overflow_mode = 'throw'",
      'readonly = 1',
    ];
    this.#writers = new SessionPool(open(2, always), 1_000);
    this.#keepers = new SessionPool(open(2, always), 100);
    this.#readers = new SessionPool(open(options.readers, limited), 1_000);
    this.#guests = new SessionPool(open(2, locked), 50);
    const brief = [...always, 'max_parser_backtracks = 20000', 'max_parser_depth = 200', 'max_threads = 1'];
    this.#killer = new SessionPool(open(2, brief), 1_000);
    this.#disk = new DiskWatch(options.dataDir, (sql) => this.#ask(sql), die);
  }

  /** True when the disk was full since the folder was opened: only {@link DiskWatch} may then end this process. */
  get isDiskFull(): boolean {
    return this.#disk.isFull;
  }

  /** Runs one statement. Errors are {@link StatementError} or the engine's own, with `Code: N. DB::Exception:` in the message. */
  async run(request: EngineRequest): Promise<EngineResult> {
    const isReader = request.user === 'reader';
    if (isReader) refuseExcess(request.sql, () => tokenize(request.sql));
    const sql = isReader ? await this.#canonical(request) : request.sql;
    const tokens = tokenize(sql);
    const kind = statementKind(tokens);
    if (isReader) {
      refuseExcess('', () => tokens);
      if (kind !== 'read') throw new StatementError(164, 'READONLY', 'Cannot execute query in readonly mode');
      refuseOtherFunctions(tokens, this.#readerFunctions);
    }
    const bound = bindParameters(sql, tokens, request.parameters).replace(/[;\s]+$/, '');
    if (kind === 'insert') {
      const insert = dataInsert(sql, tokens);
      if (insert !== null) return this.#disk.write(() => this.#insert(request, insert));
      if (request.upload !== null && request.upload.bytes > 0)
        throw new StatementError(
          48,
          'NOT_IMPLEMENTED',
          'Data is only taken by INSERT INTO table (columns) FORMAT name',
        );
    }
    const format = outputFormat(sql, tokens) ?? request.defaultFormat;
    const own = kind !== 'read' && tokens.some((token) => token.kind === 'word' && token.text === 'SETTINGS');
    const settings = isReader || kind === 'define' ? '' : settingsClause(request.settings, own);
    const explicit = kind === 'read' && outputFormat(sql, tokens) === null ? ` FORMAT ${format}` : '';
    const full = withSettings(`${bound}${explicit}`, settings, kind);
    const pool = kind === 'read' ? (isReader ? this.#guests : this.#readers) : this.#keepers;
    const job: EngineQuery = {
      sql: full,
      signal: request.signal,
      ...(isReader ? { cpuMs: this.#readerCpuMs } : {}),
    };
    if (kind === 'read' && request.stream && streamable.has(format))
      return { format, body: this.#pieces(pool, job, format), readRows: 0 };
    const runs = () =>
      pool.run(request.signal, (session) =>
        cancellable(this.#killer, job, (tagged) => session.queryAsync(tagged, { format })),
      );
    const writes = kind === 'insert' || kind === 'change';
    const result = await (writes ? this.#disk.write(runs) : runs());
    return { format, body: result.bytes(), readRows: result.rowsRead };
  }

  /** Waits for the writers to finish and gives the folder back. */
  async close(): Promise<void> {
    this.#disk.close();
    const pools = [this.#writers, this.#keepers, this.#readers, this.#guests, this.#killer];
    while (!pools.every((pool) => pool.idle)) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const pool of pools) pool.close();
  }

  /**
   * Inserts the rows of an upload. They are read from the file, not sent inside the statement: there the engine would cut
   * binary data, and text with an empty line in it, short.
   */
  async #insert(request: EngineRequest, insert: DataInsert): Promise<EngineResult> {
    const { upload, settings, signal } = request;
    if (upload === null || upload.bytes === 0) return stored;
    const columns = insert.columns === null ? '' : ` (${insert.columns.map(quoteIdentifier).join(', ')})`;
    const table = insert.table.map(quoteIdentifier).join('.');
    // Without a token there is nothing to know a repeated insert by.
    const dedup = settings.has('insert_deduplication_token') ? 'force_enable' : 'disable';
    const all = new Map([...insertSettings, ['deduplicate_insert_select', dedup], ...settings]);
    const sql =
      `INSERT INTO ${table}${columns} SELECT ${columns === '' ? '*' : columns.slice(2, -1)} ` +
      `FROM file(${quoteString(upload.path)}, ${quoteString(insert.format)})${settingsClause(all, false)}`;
    await this.#writers.run(signal, (session) =>
      cancellable(this.#killer, { sql, signal }, (tagged) => session.queryAsync(tagged)),
    );
    return stored;
  }

  /** The statement as the engine itself reads it: one statement, no comments, nothing hidden in unusual quotes. */
  async #canonical(request: EngineRequest): Promise<string> {
    const text = await this.#ask(`SELECT formatQuerySingleLine(${quoteString(request.sql)})`, request.signal);
    return text.replace(/\n$/, '');
  }

  /** Runs something short at once, whatever else is running. */
  async #ask(sql: string, signal = new AbortController().signal): Promise<string> {
    const result = await this.#killer.run(signal, (session) =>
      session.queryAsync(sql, { format: 'TabSeparatedRaw' }),
    );
    return result.text();
  }

  async *#pieces(pool: SessionPool, job: EngineQuery, format: string): AsyncGenerator<Uint8Array> {
    const pieces = new TransformStream<Uint8Array, Uint8Array>();
    const writer = pieces.writable.getWriter();
    const done = pool
      .run(job.signal, (session) =>
        cancellable(this.#killer, job, async (tagged) => {
          for await (const piece of session.queryStream(tagged, { format })) await writer.write(piece.raw());
        }),
      )
      .then(
        () => writer.close(),
        (error: unknown) => writer.abort(error),
      );
    yield* pieces.readable;
    await done;
  }
}

/** Most memory of one statement of a reader. */
const readerMemoryMiB = 150;

/** Rows of an upload become one block, so that its deduplication token covers all of it; its columns have the table's types. */
const insertSettings = new Map([
  ['max_threads', '1'],
  ['max_insert_threads', '1'],
  ['use_structure_from_insertion_table_in_table_functions', '1'],
  ['max_block_size', '1048576'],
  ['date_time_input_format', 'best_effort'],
]);

/** Writes the file of settings that cannot be given as arguments, with which nothing is deleted by age; its path. */
function writeKeeping(dataDir: string): string {
  const path = join(dataDir, 'certglass-keep.xml');
  const name = 'max_number_of_merges_with_ttl_in_pool';
  writeFileSync(path, `<clickhouse><merge_tree><${name}>0</${name}></merge_tree></clickhouse>\n`);
  return path;
}

function engineArguments(options: EngineOptions): string[] {
  return [
    `--backups.allowed_path=${options.backupDir}`,
    `--max_server_memory_usage=${options.memoryMiB * 1_048_576}`,
    '--mark_cache_size=67108864',
    '--index_mark_cache_size=16777216',
    '--uncompressed_cache_size=0',
    '--mmap_cache_size=256',
    '--background_pool_size=2',
    // Merges can wait; nobody waits for them.
    '--os_threads_nice_value_merge_mutate=19',
    '--background_schedule_pool_size=4',
    '--background_common_pool_size=2',
    '--output_format_json_quote_64bit_integers=1',
    ...(options.keepsExpired ? [`--config-file=${writeKeeping(options.dataDir)}`] : []),
  ];
}

/** The statement with its settings, which rows that stand in it must not be followed by. */
function withSettings(sql: string, settings: string, kind: StatementKind): string {
  const isValues = ({ kind, text }: Token): boolean => kind === 'word' && text === 'VALUES';
  const values = kind === 'insert' ? tokenize(sql).find(isValues) : undefined;
  if (values === undefined) return `${sql}${settings}`;
  return `${sql.slice(0, values.start)}${settings} ${sql.slice(values.start)}`;
}

function settingsClause(settings: ReadonlyMap<string, string>, further: boolean): string {
  if (settings.size === 0) return '';
  return `${further ? ',' : ' SETTINGS'} ${[...settings].map(([name, value]) => `${name} = ${quoteString(value)}`).join(', ')}`;
}
