import type { CtEntry, CtPosition } from './ct-entry.js';
import type { Delivery } from './delivery.js';
import type { Finding } from './finding.js';
import type { ScanRun } from './scan-run.js';

/** Something that just happened, after it was stored. */
export type LiveEvent =
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | { readonly kind: 'scan'; readonly run: ScanRun }
  | { readonly kind: 'ct-log'; readonly position: CtPosition }
  | { readonly kind: 'ct-entry'; readonly entry: CtEntry };

/** Kinds of {@link LiveEvent}. */
export const liveEventKinds = ['finding', 'delivery', 'scan', 'ct-log', 'ct-entry'] as const;
