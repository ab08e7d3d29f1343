import type { Observation } from '../../src/model/observation.js';
import type { ScanProgress } from '../../src/model/scan-run.js';
import type { Depth, TlsConfig } from './config.js';
import type { Scope } from './targets/scope.js';
import type { TargetList } from './targets/targets.js';

/** One run over a list of targets. */
export interface ScanRequest extends TargetList {
  readonly depth: Depth;
  /** At depth full, also ask each endpoint for a certificate with the other type of key; default false. */
  readonly otherKeys?: boolean;
  readonly config: TlsConfig;
  readonly scanId: string;
  readonly signal: AbortSignal;
  /** Called for every look; the lane waits for it, which slows the scan down when the receiver is slow. */
  onObservation(observation: Observation): void | Promise<void>;
  /**
   * Whether an endpoint that answered is to be surveyed, when `depth` is survey. Surveys then come after everything has been probed, as
   * a second observation. Absent: every endpoint, within its one observation.
   */
  needsSurvey?(observation: Observation): boolean | Promise<boolean>;
  /** Called twice a second and at the end. */
  onProgress?(progress: ScanProgress): void;
  /** Told in one sentence of a line of stdin, or a record, that had to be left out. */
  onProblem?(message: string): void;
  /** Resume point of an earlier run over the same list; null or absent starts anew in a new order. */
  readonly resume?: string | null;
  /** Take only every `of`-th target, from `index` on. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** Lines for the target `-`. */
  readonly stdin?: AsyncIterable<string>;
  /** Names learned from certificates and CT logs: probed too, but never at loopback or special addresses. */
  readonly learnedNames?: AsyncIterable<string>;
  /** Replaces the scope of `config`; asked for every connection, so it may change its mind during the scan. */
  readonly scope?: Scope;
}
