import type { Logger } from 'pino';
import type { CtBudget, CtEntry } from '../../../src/model/ct-entry.js';
import type { LogInfo } from '../../../src/ct/log-list.js';
import type { StartAt } from '../config.js';
import type { DecodePool } from '../decode/decode-pool.js';
import type { FoundEntry } from '../decode/found-entry.js';
import type { LogReader } from '../read/log-reader.js';
import type { Misbehaviour, LogProgress } from './progress.js';

/** The levels a follower uses. */
export type CtLogger = Pick<Logger, 'info' | 'warn' | 'error'>;

/** What a follower hands on. */
export interface FollowerSink {
  entries(batch: readonly CtEntry[]): Promise<void>;
  /** Called after everything the progress covers was taken. */
  progress(progress: LogProgress, report: FollowerReport): Promise<void>;
  /** The log did something wrong, or (null) what it did wrong is over. */
  misbehaviour(misbehaviour: Misbehaviour | null): Promise<void>;
}

/** What a follower says of itself beside its progress. */
export interface FollowerReport {
  readonly lastError: string | null;
  readonly entriesPerSecond: number;
}

/** How a follower works. */
export interface FollowerSettings {
  readonly start: StartAt;
  /** Stop at the first head seen. */
  readonly once: boolean;
  /** Pages under way at a time. */
  readonly width: number;
  readonly pollMs: number;
  readonly minPollMs: number;
  /** Only with `once`: give up when nothing was read for so long. */
  readonly giveUpMs: number;
}

/** Everything a follower of one cursor of one log needs, and the little it remembers between two looks. */
export interface FollowerContext {
  readonly log: LogInfo;
  readonly reader: LogReader;
  readonly decode: DecodePool['decode'];
  readonly sink: FollowerSink;
  readonly settings: FollowerSettings;
  readonly logger: CtLogger;
  readonly now: () => Date;
  /** Adds the issuers' certificates where they can be had quickly. */
  readonly withIssuers: (
    entries: readonly FoundEntry[],
    signal: AbortSignal,
  ) => Promise<readonly FoundEntry[]>;
  /** What the log's host may be asked now. */
  readonly budget: () => CtBudget;
  readonly progress: LogProgress;
  readonly memory: FollowerMemory;
}

/** What need not survive a restart. */
export interface FollowerMemory {
  lastError: string | null;
  entriesPerSecond: number;
  /** When the rate was last measured, and how many entries had been read then. */
  measured: { readonly atMs: number; readonly entries: number };
  /** A good head was seen since the start of the process. */
  acceptedHead: boolean;
  /** Answers in a row in place of a head that the log did not sign. */
  unsignedHeads: number;
  /** Problem seen at the last look and how often in a row. */
  suspicion: { readonly problem: string; readonly times: number } | null;
  /** Where pages did not hash to the signed root, and how often in a row. */
  mismatch: { readonly at: number; readonly times: number } | null;
  /** When gaps were last tried to be closed. */
  gapsTriedMs: number;
  /** The log gives no consistency proofs: it can be verified only at its heads. */
  proofless: boolean;
  /** The tile at the end of a busy log that is left to fill up. */
  fillingTile: { readonly at: number; readonly sinceMs: number } | null;
  /** Tree growth, entries per second; null until two heads were seen. */
  growth: number | null;
  /** Aborted to end the wait for the next look. */
  woken: AbortController;
  polledMs: number;
  /** Index below which everything was given once. */
  furthest: number;
  /** When the log last gave something new, on the monotonic clock. */
  activeMs: number;
  savedMs: number;
}

/** A memory of nothing. */
export function newMemory(nowMs: number, entries: number): FollowerMemory {
  return {
    lastError: null,
    entriesPerSecond: 0,
    measured: { atMs: nowMs, entries },
    acceptedHead: false,
    unsignedHeads: 0,
    suspicion: null,
    mismatch: null,
    gapsTriedMs: 0,
    proofless: false,
    fillingTile: null,
    growth: null,
    woken: new AbortController(),
    polledMs: 0,
    furthest: 0,
    activeMs: 0,
    savedMs: 0,
  };
}
