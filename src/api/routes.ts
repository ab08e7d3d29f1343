import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Delivery } from '../model/delivery.js';
import type { Finding } from '../model/finding.js';
import type { FindingAct } from '../model/finding-act.js';
import type { Severity } from '../model/severity.js';
import type { StoreReader } from '../store/reader.js';
import type { Store } from '../store/store.js';
import type { ScanRun } from '../model/scan-run.js';
import { problemShape } from './problem.js';

/** What a rule says of itself, see src/rules/rule.ts. */
export interface RuleDescription {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly citation: string;
  readonly remediation: string;
  readonly effectiveFrom?: Date;
}

/** A scan somebody asks for. */
export interface AskedScan {
  readonly targets: readonly string[];
  readonly ports: readonly number[] | null;
  readonly depth: 'fast' | 'full' | 'survey' | null;
}

/** What the API can set in motion. Refusals are {@link Problem}s or become 500. */
export interface ApiActions {
  /** null when there is no such finding. */
  changeFinding(id: string, act: FindingAct, actor: string): Promise<Finding | null>;
  /** Tells a channel once more what it was, or was to be, told; null when there is no such delivery or its channel is no longer configured. */
  sendAgain(id: string, actor: string): Promise<Delivery | null>;
  /** Starts a scan within the configured scope, or says in one sentence why not (a target that cannot be read, for example). */
  startScan(scan: AskedScan, actor: string): Promise<ScanRun | string>;
}

/** What the routes work with. */
export interface ApiParts {
  readonly reader: StoreReader;
  readonly health: Store['health'];
  readonly rules: readonly RuleDescription[];
  readonly actions: ApiActions;
  readonly metrics: Registry;
  /** How far a run is; null when it is not running here. */
  readonly scanProgress: (scanId: string) => ScanProgressShown | null;
  readonly version: string;
  readonly now: () => Date;
}

/** How far a running scan is. */
export interface ScanProgressShown {
  readonly done: number;
  readonly total: number | null;
  readonly rate: number;
  readonly secondsLeft: number | null;
}

/** An answer that is no success, for the OpenAPI document. */
export function problem(description: string) {
  return { description, content: { 'application/problem+json': { schema: problemShape } } };
}

/** An answer that is a file of this media type. */
export function file(description: string, mediaType: string) {
  return { description, content: { [mediaType]: { schema: z.string() } } };
}

/** Answers that every route may give beside its own. */
export const problems = {
  400: problem('The request does not fit the schema, or the cursor is not one of this list.'),
  401: problem('A bearer token is needed.'),
  403: problem('The token does not allow this.'),
  404: problem('There is no such thing.'),
  429: problem('Too many wrong tokens from this address.'),
  500: problem('Something went wrong.'),
  503: problem('Too busy, or the query is too expensive.'),
} as const;
