import { isIP } from 'node:net';
import type { StartAt } from '../../scanners/ct/config.js';
import { createDecodePool } from '../../scanners/ct/decode/decode-pool.js';
import { domainName, watchListOf } from '../../scanners/ct/match/watch-list.js';
import { ctDefaults } from '../../scanners/ct/config-defaults.js';
import { createTailOutput, type TailOutput } from './tail-output.js';

/** Options of `certglass ct tail`, as the command line gives them. */
export interface CtTailOptions {
  /** File or URL; default: the lists of the default configuration. */
  readonly logList?: string;
  /** Text contained in a log's description; any of them. */
  readonly log?: readonly string[] | string;
  /** `head`, `zero`, an index, or a date. */
  readonly from?: string;
  readonly once?: boolean;
  /** Domains, sub-domains included, and IP addresses; `.` matches every entry. */
  readonly match?: readonly string[] | string;
  readonly state?: string;
  /** Program run for every entry that matches. */
  readonly exec?: string;
  readonly json?: boolean;
}

/**
 * `certglass ct tail`: follows logs without a database and prints every entry that matches. Answers the exit code: 0 stopped,
 * or with `--once` all logs read and verified; 1 some log was not. Throws one sentence when nothing can be followed.
 */
export async function ctTail(
  options: CtTailOptions,
  output: TailOutput = createTailOutput(),
): Promise<number> {
  const wanted = listOf(options.match);
  for (const item of wanted) checkMatch(item);
  const start = startOf(options.from);
  const ipAddresses = wanted.filter((item) => isIP(item) !== 0);
  const domains = wanted.filter((item) => item !== '.' && isIP(item) === 0);
  const watchList = watchListOf({ ...ctDefaults.watch, ipAddresses }, domains, wanted.includes('.'));
  const decode = createDecodePool(ctDefaults.workers, watchList);
  // The thread starts while the rest is loaded.
  decode.warm();
  try {
    const { tailLogs } = await import('./tail-logs.js');
    return await tailLogs({ ...options, log: listOf(options.log), match: wanted, start, decode, output });
  } finally {
    await decode.close();
  }
}

function startOf(from: string | undefined): StartAt {
  const text = from ?? 'head';
  if (text === 'head' || text === 'zero') return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (/^\d{4}-\d\d-\d\d(?:T.*)?$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new Error(`--from ${text}: give head, an index, or a date such as 2026-01-31`);
}

/** Throws one sentence for what can match no name in any certificate. */
function checkMatch(text: string): void {
  if (isIP(text) !== 0) return;
  const isDomain = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(domainName(text));
  if (text !== '.' && !isDomain)
    throw new Error(
      `--match ${text}: this is no domain or IP address; give one such as example.com, or . for every entry`,
    );
}

function listOf(option: readonly string[] | string | undefined): readonly string[] {
  return option === undefined ? [] : typeof option === 'string' ? [option] : option;
}
