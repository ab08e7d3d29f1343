import type { CtEntry, CtPosition } from './ct-entry.js';
import type { Incident } from './incident.js';
import type { Answer } from './network.js';
import type { Observation } from './observation.js';
import type { ScanRun } from './scan-run.js';

/** What a scanner learned and hands to its sink. Kinds are added; the store says how each is kept (src/store/facts.ts). */
export type Fact =
  | { readonly kind: 'observations'; readonly observations: readonly Observation[] }
  /** How far a scan is: the observations it counts were handed over before. */
  | { readonly kind: 'scan-run'; readonly run: ScanRun }
  | { readonly kind: 'ct-entries'; readonly entries: readonly CtEntry[] }
  /** Handed over after everything the position covers. */
  | { readonly kind: 'ct-position'; readonly position: CtPosition }
  /** What the network answered about certificates and names. */
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  | { readonly kind: 'incident'; readonly incident: Incident };

/** Facts that the store keeps. An incident is not kept itself: it opens or resolves a finding. */
export type StoredFact = Exclude<Fact, { readonly kind: 'incident' }>;
