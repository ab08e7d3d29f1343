import { createPublicKey, verify } from 'node:crypto';
import { MalformedError, fromBase64 } from './bytes.js';
import { loadLogKey } from './log-key.js';
import { hashBytes } from './merkle.js';
import { countOf, parseObject, textOf } from './tree-head.js';

/** States of log list v3, and `unstated` for a log without one. */
export const logStates = [
  'pending',
  'qualified',
  'usable',
  'readonly',
  'retired',
  'rejected',
  'unstated',
] as const;

/** One of {@link logStates}. */
export type LogState = (typeof logStates)[number];

/** One log of a log list. */
export interface LogInfo {
  /** Base64 of SHA-256 over the key: the only name of a log that never changes. */
  readonly logId: string;
  readonly description: string;
  readonly operator: string;
  /** Who ran it before, and until when; earliest first. */
  readonly previousOperators: readonly { readonly name: string; readonly until: Date }[];
  readonly protocol: 'rfc6962' | 'static-ct';
  /** Where it is read, with a trailing slash: RFC 6962 `url`, or static-ct-api `monitoring_url`. */
  readonly url: string;
  /** Origin line of its checkpoints: the submission URL without scheme and trailing slash; empty for RFC 6962. */
  readonly origin: string;
  /** Base64 of the DER SubjectPublicKeyInfo. */
  readonly key: string;
  /** Maximum merge delay. */
  readonly mmdSeconds: number;
  readonly state: LogState;
  /** When the state began; null when not said. */
  readonly stateSince: Date | null;
  /** Only of readonly logs: where reading ends. */
  readonly finalTreeHead: { readonly treeSize: number; readonly rootHash: Buffer } | null;
  /** The log takes certificates whose notAfter lies in [start, end); null when it takes all. */
  readonly interval: { readonly start: Date; readonly end: Date } | null;
  /** Made only to fill an array (its name says "placeholder"), or lives at a reserved host name: never to be contacted. */
  readonly isPlaceholder: boolean;
  /** SSLMate's hints `certspotter_download_size`, `_jobs`, `_qps`; null when absent. */
  readonly hints: {
    readonly pageSize: number | null;
    readonly jobs: number | null;
    readonly qps: number | null;
  };
}

/** A log list v3, read leniently: a log that cannot be read is a problem, not the end of the list. */
export interface LogList {
  /** Empty when not said. */
  readonly version: string;
  readonly timestamp: Date | null;
  /** all_logs_list.json: also holds logs that nobody runs any more, which then have no state. */
  readonly isAllLogs: boolean;
  readonly logs: readonly LogInfo[];
  /** One sentence per log that was left out. */
  readonly problems: readonly string[];
}

/** Reads log_list.json, all_logs_list.json, Android's copy (times in milliseconds) or SSLMate's, from the exact bytes. */
export function parseLogList(bytes: Uint8Array): LogList {
  const list = parseObject(
    Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\ufeff/, ''),
    'log list',
  );
  const operators = list['operators'];
  if (!Array.isArray(operators)) throw new MalformedError('log list: operators is not a list');
  const problems: string[] = [];
  const logs = new Map<string, LogInfo>();
  for (const { operator, log } of everyLog(operators)) {
    try {
      const info = parseLog(log, operator);
      if (logs.has(info.logId)) problems.push(`${info.description}: the same key stands in the list twice`);
      else logs.set(info.logId, info);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      problems.push(
        `${typeof log['description'] === 'string' ? log['description'] : 'a log'}: ${error.message}`,
      );
    }
  }
  return {
    version: typeof list['version'] === 'string' ? list['version'] : '',
    timestamp: dateOf(list['log_list_timestamp']),
    isAllLogs: list['is_all_logs'] === true,
    logs: [...logs.values()],
    problems,
  };
}

function* everyLog(
  operators: readonly unknown[],
): Generator<{ readonly operator: string; readonly log: Record<string, unknown> }> {
  for (const operator of operators.filter(isObject)) {
    const name = typeof operator['name'] === 'string' ? operator['name'] : '';
    for (const key of ['logs', 'tiled_logs']) {
      const logs: unknown = operator[key];
      if (Array.isArray(logs)) for (const log of logs.filter(isObject)) yield { operator: name, log };
    }
  }
}

/** Reads one log of the list's shape (`url`, or `submission_url` and `monitoring_url`). Throws {@link MalformedError}. */
export function parseLog(log: Readonly<Record<string, unknown>>, operator: string): LogInfo {
  const key = textOf(log['key'], 'key');
  const { logId } = loadLogKey(key);
  if (log['log_id'] !== undefined && log['log_id'] !== logId)
    throw new MalformedError('log_id is not the SHA-256 of the key');
  const tiled = log['monitoring_url'] !== undefined;
  const url = urlOf(tiled ? log['monitoring_url'] : log['url']);
  const description = typeof log['description'] === 'string' ? log['description'] : url;
  return {
    logId,
    description,
    operator,
    previousOperators: previousOperatorsOf(log['previous_operators']),
    protocol: tiled ? 'static-ct' : 'rfc6962',
    url,
    origin: tiled ? originOf(log['submission_url']) : '',
    key,
    mmdSeconds: log['mmd'] === undefined ? 86_400 : countOf(log['mmd'], 'mmd'),
    ...stateOf(log['state']),
    interval: intervalOf(log['temporal_interval']),
    isPlaceholder: /\bplaceholder\b/i.test(description) || isReservedHost(new URL(url).hostname),
    hints: {
      pageSize: hintOf(log['certspotter_download_size']),
      jobs: hintOf(log['certspotter_download_jobs']),
      qps: hintOf(log['certspotter_download_qps']),
    },
  };
}

function stateOf(value: unknown): Pick<LogInfo, 'state' | 'stateSince' | 'finalTreeHead'> {
  const [name, body] = isObject(value) ? (Object.entries(value)[0] ?? []) : [];
  const state = logStates.find((known) => known === name) ?? 'unstated';
  const details = isObject(body) ? body : {};
  const head = details['final_tree_head'];
  return {
    state,
    stateSince: dateOf(details['timestamp']),
    finalTreeHead: state === 'readonly' && isObject(head) ? finalHeadOf(head) : null,
  };
}

function finalHeadOf(head: Record<string, unknown>): LogInfo['finalTreeHead'] {
  const rootHash = fromBase64(textOf(head['sha256_root_hash'], 'final root'), 'final root');
  if (rootHash.length !== hashBytes) throw new MalformedError(`final root: ${rootHash.length} bytes`);
  return { treeSize: countOf(head['tree_size'], 'final tree_size'), rootHash };
}

function previousOperatorsOf(value: unknown): LogInfo['previousOperators'] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const read = list.filter(isObject).map(({ name, end_time: end }) => ({ name, until: dateOf(end) }));
  return read
    .flatMap(({ name, until }) => (typeof name === 'string' && until !== null ? [{ name, until }] : []))
    .sort((a, b) => a.until.getTime() - b.until.getTime());
}

function intervalOf(value: unknown): LogInfo['interval'] {
  if (!isObject(value)) return null;
  const start = dateOf(value['start_inclusive']);
  const end = dateOf(value['end_exclusive']);
  return start === null || end === null ? null : { start, end };
}

/** ISO text, or milliseconds as in Android's copy. */
function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const date = new Date(typeof value === 'string' && /^\d{10,15}$/.test(value) ? Number(value) : value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function urlOf(value: unknown): string {
  const text = textOf(value, 'url');
  // Lists of version 2 leave the scheme out.
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '')
    throw new MalformedError(`url: ${JSON.stringify(text)} is not an http(s) URL`);
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function originOf(value: unknown): string {
  return textOf(value, 'submission_url')
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/\/$/, '');
}

function isReservedHost(host: string): boolean {
  return /(^|\.)(example\.(com|net|org)|example|invalid)$/i.test(host);
}

function hintOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True when `signature` is the RSA PKCS#1 v1.5 or ECDSA SHA-256 signature over the exact bytes of a list by the PEM key. */
export function verifyLogListSignature(
  bytes: Uint8Array,
  signature: Uint8Array,
  publicKeyPem: string,
): boolean {
  return verify('sha256', bytes, createPublicKey(publicKeyPem), signature);
}
