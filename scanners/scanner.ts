import type { CtEntry, CtPosition } from '../src/model/ct-entry.js';
import type { Observation } from '../src/model/observation.js';

/** Something about Certglass itself or a CT log that a rule may turn into a finding (a fork, a stalled log, a missed quota). */
export interface Incident {
  /** Rule id, for example `ct-log-unreachable`. */
  readonly rule: string;
  readonly subject: { readonly kind: 'ct-log' | 'self'; readonly key: string };
  /** True opens or refreshes the finding, false says that the cause is gone. */
  readonly active: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What scanners hand on. Order within one source is kept; an item counts as taken once the promise resolves. */
export interface Sink {
  observations(batch: readonly Observation[]): Promise<void>;
  ctEntries(batch: readonly CtEntry[]): Promise<void>;
  /** Written only after everything the position covers was taken. */
  ctPosition(position: CtPosition): Promise<void>;
  incident(incident: Incident): Promise<void>;
}

/** A way of seeing certificates. `run` ends when its work is done or `signal` is aborted; it flushes before it returns. */
export interface Scanner {
  readonly name: string;
  run(sink: Sink, signal: AbortSignal): Promise<void>;
}
