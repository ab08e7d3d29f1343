import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseLogList, verifyLogListSignature, type LogList } from '../../../src/ct/log-list.js';
import { replaceFile } from '../../../src/lib/replace-file.js';
import type { CtConfig } from '../config.js';
import type { HttpClient } from '../read/http.js';
import { decompress } from '../decode/decompress.js';

/** Largest log list read; all_logs_list.json has 100 KB. */
const maxListBytes = 4 * 1024 * 1024;

/** What is known of one log list after a refresh. */
export interface ListState {
  readonly source: string;
  /** The last good list; null when there never was one. */
  readonly list: LogList | null;
  /** Why the last refresh failed; null when it did not. */
  readonly error: string | null;
}

/** One log list, refreshed again and again. */
export interface LogListSource {
  /** Fetches the list if it changed, checks signature and shape; never rejects but for an abort. */
  refresh(signal: AbortSignal): Promise<ListState>;
}

/** Follows the list of `options`; `folder` keeps the last good copy over restarts (null: nowhere). */
export function createLogListSource(
  options: CtConfig['logLists'][number],
  http: HttpClient,
  folder: string | null,
): LogListSource {
  const copy = folder === null ? null : join(folder, `log-list-${nameOf(options.source)}.json`);
  let list: LogList | null = null;
  let validators: Readonly<Record<string, string>> = {};

  /** Sets `list` as soon as there is a good one, and then may still reject: its copy could not be kept. */
  async function fetchList(signal: AbortSignal): Promise<LogList | null> {
    const fetched = await load(options.source, http, signal, validators);
    if (fetched === null && list === null)
      throw new Error(`${options.source}: HTTP status 304 at the first request`);
    if (fetched === null) return list;
    if (options.publicKey !== null) await checkSignature(options, fetched.bytes, http, signal);
    list = readList(fetched.bytes, options.source);
    if (copy !== null && isUrl(options.source)) await replaceFile(copy, fetched.bytes);
    // Only now: a list whose copy could not be kept is fetched whole again.
    validators = fetched.validators;
    return list;
  }

  return {
    async refresh(signal) {
      try {
        list = await fetchList(signal);
        return { source: options.source, list, error: null };
      } catch (error) {
        signal.throwIfAborted();
        if (list === null && copy !== null) list = await lastGood(copy, options.source);
        return {
          source: options.source,
          list,
          error: error instanceof Error ? error.message : String(error),
        };
      }
    },
  };
}

interface Fetched {
  readonly bytes: Buffer;
  readonly validators: Readonly<Record<string, string>>;
}

/** The bytes of a file or URL; null when the server says that nothing changed. */
async function load(
  source: string,
  http: HttpClient,
  signal: AbortSignal,
  validators: Readonly<Record<string, string>> = {},
): Promise<Fetched | null> {
  if (!isUrl(source)) {
    const path = source.startsWith('file:') ? fileURLToPath(source) : source;
    return { bytes: await readFile(path), validators: {} };
  }
  const answer = await http.get({ url: source, signal, maxBytes: maxListBytes, headers: validators });
  if (answer.status === 304) return null;
  return {
    bytes: await decompress(answer, maxListBytes, source),
    validators: {
      ...(answer.etag === null ? {} : { 'if-none-match': answer.etag }),
      ...(answer.lastModified === null ? {} : { 'if-modified-since': answer.lastModified }),
    },
  };
}

async function checkSignature(
  options: CtConfig['logLists'][number],
  bytes: Buffer,
  http: HttpClient,
  signal: AbortSignal,
): Promise<void> {
  const source = options.signature ?? options.source.replace(/\.json$/, '.sig');
  const signature = await load(source, http, signal);
  const key = await readFile(options.publicKey ?? '', 'utf8');
  if (signature === null || !verifyLogListSignature(bytes, signature.bytes, key))
    throw new Error(
      `${options.source}: the signature in ${source} does not verify with ${options.publicKey}`,
    );
}

/** The list in `bytes`, which must name a log: one that names none was not made for anybody. */
function readList(bytes: Buffer, source: string): LogList {
  const parsed = parseLogList(bytes);
  const list = isPlainHttp(source) || !isUrl(source) ? parsed : withoutPlainHttp(parsed);
  if (list.logs.length > 0) return list;
  throw new Error([`${source}: names no log that can be read`, ...list.problems].join('; '));
}

/** A list that came over HTTPS has no business naming logs over plain HTTP. */
function withoutPlainHttp(list: LogList): LogList {
  const refused = list.logs.filter((log) => isPlainHttp(log.url));
  return {
    ...list,
    logs: list.logs.filter((log) => !isPlainHttp(log.url)),
    problems: [...list.problems, ...refused.map((log) => `${log.description}: plain http URL refused`)],
  };
}

function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

function isPlainHttp(source: string): boolean {
  return /^http:\/\//i.test(source);
}

function nameOf(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}

async function lastGood(path: string, source: string): Promise<LogList | null> {
  try {
    return readList(await readFile(path), source);
  } catch {
    return null; // No copy, or none that can be read: then there is no list, which the caller tells.
  }
}
