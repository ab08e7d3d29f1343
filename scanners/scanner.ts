import type { Logger } from 'pino';
import type { ZodType } from 'zod';
import type { CtPosition } from '../src/model/ct-entry.js';
import type { EndpointState } from '../src/model/endpoint-state.js';
import type { Fact } from '../src/model/fact.js';
import type { AnswerTo, Question } from '../src/model/network.js';
import type { ScanProgress, ScanRun } from '../src/model/scan-run.js';

/** Where scanners hand over what they learn. Order within one source is kept; a fact counts as taken once the promise resolves. */
export interface Sink {
  take(fact: Fact): Promise<void>;
}

/** One piece of scanning work. */
export interface Scanner {
  /** Unique and stable: the last run is remembered under it. */
  readonly name: string;
  /** What people read in findings about it. */
  readonly title: string;
  /** `always`: from start to stop, begun again after a failure; `once`: until it has been done; or a cron expression in UTC. */
  readonly when: 'always' | 'once' | { readonly cron: string };
  /**
   * Ends when its work is done or `signal` is aborted, and flushes before it returns. Returns when this work began, if that was
   * before the call (a run that was cut off and resumed).
   */
  run(sink: Sink, signal: AbortSignal): Promise<Date | void>;
}

/** What a kind of scanner works with. */
export interface Surroundings {
  readonly log: Logger;
  /** Folder for the files of this kind alone; null keeps nothing. */
  readonly folder: string | null;
  /** The policy's owned domains. */
  readonly ownedDomains: readonly string[];
  /** Resolvers that the operator chose for scans; empty: the system's. */
  readonly resolvers: readonly string[];
  readonly memory: Memory;
  /** Called while a scan runs; null when it has ended. */
  onProgress(scanId: string, name: string, progress: ScanProgress | null): void;
}

/** What was stored before, as far as scanners build on it. */
export interface Memory {
  endpoints(keys: readonly string[]): AsyncIterable<EndpointState>;
  /** Names under owned domains that unexpired certificates and logs have shown. */
  learnedNames(): AsyncIterable<string>;
  unfinishedScans(): Promise<readonly ScanRun[]>;
  ctPositions(): Promise<readonly CtPosition[]>;
  /** What endpoints serve, and what is unexpired under owned domains; one may come more than once. */
  certificatesInUse(): AsyncIterable<CertificateInUse>;
  /** DER by SHA-256; what is not stored is absent. */
  certificates(sha256: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** The present answers to a question; about all keys, or about these (at most 1,000). */
  answers<Q extends Question>(question: Q, keys?: readonly string[]): AsyncIterable<AnswerTo<Q>>;
}

/** A certificate that matters to the operator. */
export interface CertificateInUse {
  readonly sha256: string;
  /** SHA-256 of what was sent with it; empty when that is not known. */
  readonly chain: readonly string[];
  readonly isServed: boolean;
}

/** A kind of scanner. Listed in index.ts; the service creates and runs what is listed there. */
export interface ScannerKind<Id extends string, Config, Schema extends ZodType<Config> = ZodType<Config>> {
  /** Also the section of the configuration. */
  readonly id: Id;
  readonly config: Schema;
  /** The section taken apart: a change of one part leaves the scanners of the others running. Absent: it is one part. */
  parts?(config: Config): readonly Config[];
  /** The scanners that this part of the section asks for. Contacts nothing yet. */
  create(config: Config, surroundings: Surroundings): Promise<readonly Scanner[]>;
}
