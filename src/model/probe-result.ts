import type { Observation } from './observation.js';
import type { Validation } from './validation.js';

/** What a probe on request saw, judged at once. */
export interface ProbeResult {
  readonly observation: Observation;
  /** null when no certificate came. */
  readonly validation: Validation | null;
}

/** Probes one target, or says in one sentence why not. Nothing is stored. */
export type ProbeTarget = (target: string, signal: AbortSignal) => Promise<ProbeResult | string>;
