import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { finished } from 'node:stream/promises';
import pLimit from 'p-limit';
import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client';
import type { StoreConfig } from './config.js';
import { within } from './deadline.js';
import { EngineUnavailableError, type EngineProcess } from './embedded/process.js';

/** Values of `{name:Type}` parameters of a query. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Rows of one insert, encoded. */
export interface InsertBatch {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** One block in format Native. */
  readonly pieces: readonly Uint8Array[];
  /** The same token stores the same rows once, however often they are sent. */
  readonly token: string;
}

/** Limits of one query, where they differ from the configured ones. */
export interface QueryLimits {
  readonly maxSeconds?: number;
  readonly maxMemoryMiB?: number;
  readonly maxThreads?: number;
  readonly signal?: AbortSignal;
}

/** Longest that a statement, a transfer or an import may take. */
const longestSeconds = 3_600;

/** What is wrong with the rows or the statement, and will be at the next try as well. All else may pass. */
const refusals = new Set([
  '6', // CANNOT_PARSE_TEXT
  '16', // NO_SUCH_COLUMN_IN_TABLE
  '20', // NUMBER_OF_COLUMNS_DOESNT_MATCH
  '26', // CANNOT_PARSE_QUOTED_STRING
  '27', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  '33', // CANNOT_READ_ALL_DATA
  '43', // ILLEGAL_TYPE_OF_ARGUMENT
  '44', // ILLEGAL_COLUMN
  '47', // UNKNOWN_IDENTIFIER
  '53', // TYPE_MISMATCH
  '62', // SYNTAX_ERROR
  '70', // CANNOT_CONVERT_TYPE
  '72', // CANNOT_PARSE_NUMBER
  '117', // INCORRECT_DATA
  '131', // TOO_LARGE_STRING_SIZE
  '307', // TOO_MANY_BYTES
  '349', // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  '691', // UNKNOWN_ELEMENT_OF_ENUM
]);

/** True when the database refused an insert for what it is: another try with the same rows would fail as well. */
export function isRefused(error: unknown): boolean {
  return error instanceof ClickHouseError && refusals.has(error.code);
}

/** Rows of an answer in format JSONEachRow, read at once: as a stream of rows, a short one takes a millisecond longer. */
function rowsOf<T>(text: string): readonly T[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('The answer of the database ends within a row');
  return lines.map((line) => JSON.parse(line) as T);
}

/** True when asking again would bring the same answer, or was waited for already. */
function isFinal(error: unknown): boolean {
  return (error instanceof ClickHouseError && !isCrowded(error)) || error instanceof EngineUnavailableError;
}

/** True when the memory that was not there is in use by other queries, or by merges. */
function isCrowded(error: unknown): boolean {
  return error instanceof ClickHouseError && error.code === '241' && error.message.includes('(total)');
}

type Address = Pick<StoreConfig, 'url' | 'username' | 'password'>;

interface Connected extends Address {
  readonly client: ClickHouseClient;
}

/** The one client, the stock one over HTTP, whatever stands behind it. */
export class Database {
  readonly #config: StoreConfig;
  readonly #engine: EngineProcess | null;
  /** When the server was started, seconds since 1970 by its own clock; to be asked again after a failure. */
  #startedAt = 0;
  #startedAtIsSure = false;
  #unreadable: string | null = null;
  /** Queries that may take long leave at least one session, and memory, to those that answer at once. */
  readonly #heavy;
  /** By the time they give an answer, milliseconds. */
  readonly #clients = new Map<number, Connected>();

  /** With an `engine`, its address is used, and followed when it is opened again; the engine is closed with the database. */
  constructor(config: StoreConfig, engine: EngineProcess | null) {
    this.#config = config;
    this.#engine = engine;
    this.#heavy = pLimit(Math.max(1, Math.min(2, config.embedded.readers - 1)));
  }

  /** Rows of a query. Tries again when the connection is lost or the database has no memory left, since reading changes nothing. */
  async rows<T>(sql: string, parameters: Parameters = {}, limits: QueryLimits = {}): Promise<readonly T[]> {
    const { query, requestTimeoutMs } = this.#config;
    const maxSeconds = limits.maxSeconds ?? query.maxSeconds;
    const settings = {
      ...this.#readSettings(),
      max_execution_time: maxSeconds,
      max_memory_usage: String((limits.maxMemoryMiB ?? query.maxMemoryMiB) * 1_048_576),
      max_threads: limits.maxThreads ?? query.maxThreads,
      wait_end_of_query: 1 as const,
    };
    return within(Math.max(requestTimeoutMs, maxSeconds * 1_000), limits.signal, async (signal) => {
      for (let tries = 0; ; tries += 1) {
        try {
          const client = await this.#connect(maxSeconds);
          const result = await client.query({
            query: sql,
            query_params: { ...parameters },
            format: 'JSONEachRow',
            clickhouse_settings: settings,
            abort_signal: signal,
          });
          // The client itself listens to the signal only until the answer begins.
          signal.addEventListener('abort', () => result.close(), { once: true });
          return rowsOf<T>(await result.text());
        } catch (error) {
          if (error instanceof ClickHouseError && error.message.includes('while reading from part'))
            this.#unreadable = error.message.slice(0, 1_000);
          if (isFinal(error) || signal.aborted || tries === 3) throw error;
          await delay((isCrowded(error) ? 400 : 50) * 3 ** tries);
        }
      }
    });
  }

  /** What the database said when it last could not read a part of a table; null when that did not happen yet. */
  get unreadable(): string | null {
    return this.#unreadable;
  }

  /** Runs queries that read much: two at a time, the others wait. */
  heavily<T>(work: () => Promise<T>): Promise<T> {
    return this.#heavy(work);
  }

  /** Runs a statement that has no result, for up to an hour: a mutation or a backup of everything may take its time. */
  async command(sql: string, parameters: Parameters = {}): Promise<void> {
    const client = await this.#connect(longestSeconds);
    await client.command({ query: sql, query_params: { ...parameters } });
  }

  /** Runs a statement outside the configured database, which may not exist yet. The first thing asked of a server: an error says which. */
  async commandOutside(sql: string): Promise<void> {
    const address = (await this.#engine?.address()) ?? this.#config;
    const client = this.#create(address, this.#config.requestTimeoutMs, 'default');
    try {
      await client.command({ query: sql });
    } catch (error) {
      if (this.#engine !== null) throw error;
      const why = error instanceof Error && error.message !== '' ? error.message : String(error);
      const { origin } = new URL(address.url);
      throw new Error(
        `the ClickHouse server ${origin} cannot be used: ${why.trim()}; see store.url, store.username, store.password`,
        { cause: error },
      );
    } finally {
      await client.close();
    }
  }

  /** Lets the embedded engine delete rows by age, or forbids it; a server goes by its own clock. */
  async deleteExpired(deleting: boolean): Promise<void> {
    if (this.#engine === null) return;
    this.#engine.deleteExpired(deleting);
    await this.command(`SYSTEM ${deleting ? 'START' : 'STOP'} TTL MERGES`);
  }

  /** Sends a batch once. Resolves when it is durable; on an error it may be stored or not. */
  insert({ table, columns, pieces, token }: InsertBatch): Promise<void> {
    const rows = Readable.from(pieces, { objectMode: false });
    return this.#insert({ table, columns, token }, rows, (2 * this.#config.requestTimeoutMs) / 1_000);
  }

  /** The answer to a query with a FORMAT, as bytes while they come. */
  async stream(sql: string, parameters: Parameters = {}): Promise<Readable> {
    const client = await this.#connect(longestSeconds);
    const { stream } = await client.exec({
      query: sql,
      query_params: { ...parameters },
      clickhouse_settings: {
        ...this.#readSettings(),
        max_execution_time: longestSeconds,
        max_memory_usage: String(this.#config.query.maxMemoryMiB * 1_048_576),
        // A server tells of an error in the middle of an answer only inside of it; the embedded engine breaks it off.
        wait_end_of_query: this.#engine === null ? 1 : 0,
      },
    });
    return stream;
  }

  /** Inserts rows in format Native, for up to an hour; the token is that of an {@link InsertBatch}. */
  insertFile(table: string, columns: readonly string[], rows: Readable, token: string): Promise<void> {
    return this.#insert({ table, columns, token }, rows, longestSeconds);
  }

  /** Asks for the database's version within 5 seconds. */
  async version(): Promise<string> {
    const [row] = await within(5_000, undefined, (signal) =>
      this.rows<{ version: string }>('SELECT version() AS version', {}, { signal }),
    );
    return row?.version ?? 'unknown';
  }

  /** Closes the client, and the engine. */
  async close(): Promise<void> {
    for (const { client } of this.#clients.values()) await client.close();
    await this.#engine?.close();
  }

  async #insert(
    { table, columns, token }: Pick<InsertBatch, 'table' | 'columns' | 'token'>,
    rows: Readable,
    maxSeconds: number,
  ): Promise<void> {
    try {
      await within(maxSeconds * 1_000, undefined, async (signal) => {
        const { client, instance } = await this.#writable(maxSeconds);
        const { stream } = await client.exec({
          query: `INSERT INTO ${table} (${columns.join(', ')}) FORMAT Native`,
          values: rows,
          abort_signal: signal,
          clickhouse_settings: {
            ...this.#insertSettings(),
            insert_deduplication_token: `${token} ${instance}`,
          },
        });
        signal.addEventListener('abort', () => stream.destroy(), { once: true });
        await finished(stream.resume());
      });
    } catch (error) {
      this.#startedAtIsSure = false;
      throw error;
    }
  }

  /**
   * A client and the name of the running database process, which is a part of every token: an engine notes the token of a block before it puts the block in
   * place, so one that dies in between would take the next try for a repetition, and the rows would be lost. A new process is
   * therefore given the rows under a new token; should they be there after all, the tables keep one of two equal rows.
   * A replicated table notes both in one transaction.
   */
  async #writable(
    maxSeconds: number,
  ): Promise<{ readonly client: ClickHouseClient; readonly instance: string }> {
    const address = await this.#engine?.address();
    const client = this.#clientOf(address ?? this.#config, maxSeconds);
    if (address !== undefined) return { client, instance: address.instance };
    if (!this.#startedAtIsSure && this.#config.mode === 'server') {
      const [row] = await this.rows<{ started: string }>(
        'SELECT toUnixTimestamp(now()) - uptime() AS started',
      );
      const started = Number(row?.started);
      // Both are read in whole seconds, at moments that differ.
      if (Math.abs(started - this.#startedAt) > 2) this.#startedAt = started;
      this.#startedAtIsSure = true;
    }
    return { client, instance: String(this.#startedAt) };
  }

  async #connect(maxSeconds: number): Promise<ClickHouseClient> {
    return this.#clientOf((await this.#engine?.address()) ?? this.#config, maxSeconds);
  }

  /** A client whose sockets may stand still as long as the work may take, but at least the configured time. */
  #clientOf(address: Address, maxSeconds: number): ClickHouseClient {
    const patienceMs = Math.max(this.#config.requestTimeoutMs, maxSeconds * 1_000);
    const last = this.#clients.get(patienceMs);
    if (last?.url === address.url && last.password === address.password) return last.client;
    const client = this.#create(address, patienceMs);
    this.#clients.set(patienceMs, { ...address, client });
    // What is still on its way there fails, as it would with the process that answered it.
    void last?.client.close();
    return client;
  }

  /** A server stops a query whose client went away only when the query says that it changes nothing. */
  #readSettings(): ClickHouseSettings {
    return this.#engine === null ? { readonly: '2', cancel_http_readonly_queries_on_client_close: 1 } : {};
  }

  #insertSettings(): ClickHouseSettings {
    return {
      insert_deduplicate: 1,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      async_insert: 0,
      // Rows of one batch with the same key are few; looking for them costs five times as much as storing the batch.
      optimize_on_insert: 0,
      // Merges build indexes; parts without them are small.
      materialize_skip_indexes_on_insert: 0,
      wait_end_of_query: 1,
      ...(this.#config.mode === 'cluster' ? { insert_quorum: 'auto' } : {}),
    };
  }

  #create(
    { url, username, password }: Address,
    patienceMs: number,
    database = this.#config.database,
  ): ClickHouseClient {
    const { compression, caFile, mode } = this.#config;
    return createClient({
      url,
      username,
      password,
      database,
      application: 'certglass',
      request_timeout: patienceMs,
      max_open_connections: 32,
      compression: { request: compression, response: compression },
      use_multipart_params_auto: true,
      keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: {
        output_format_json_quote_64bit_integers: 1,
        date_time_output_format: 'iso',
        // A subquery asks all shards once, and an insert is answered when every shard has its rows.
        ...(mode === 'cluster'
          ? { distributed_product_mode: 'global', distributed_foreground_insert: 1 }
          : {}),
      },
      ...(caFile === '' ? {} : { tls: { ca_cert: readFileSync(caFile) } }),
    });
  }
}
