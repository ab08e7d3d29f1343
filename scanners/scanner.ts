import type { CtEntry, CtPosition } from '../src/model/ct-entry.js';
import type { Incident } from '../src/model/incident.js';
import type { Observation } from '../src/model/observation.js';

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
