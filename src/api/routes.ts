import type { Recall } from '../model/recall.js';
import type { PolicyExplanation } from '../model/policy-explanation.js';
import type { PolicyPreview } from '../model/policy-preview.js';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { EventLog } from '../lib/event-log.js';
import type { Delivery } from '../model/delivery.js';
import type { LiveEvent } from '../model/live-event.js';
import type { Finding } from '../model/finding.js';
import type { FindingAct } from '../model/finding-act.js';
import type { ProbeTarget } from '../model/probe-result.js';
import type { Incidents } from '../model/emergency.js';
import type { Reviews } from '../model/review.js';
import type { Reporting } from '../model/reporting.js';
import type { Severity } from '../model/severity.js';
import type { StarttlsChoice } from '../model/target.js';
import type { ApiReader } from '../store/console-reader.js';
import type { Store } from '../store/store.js';
import type { ScanRun } from '../model/scan-run.js';
import type { WriteAudit } from './access/audit.js';
import type { Authenticator } from './access/authenticate.js';
import type { Credentials } from './access/credentials.js';
import type { OidcClient } from './access/oidc.js';
import type { SignIn } from './access/sign-in.js';
import type { ApiConfig, Role } from './config.js';
import type { Insight } from './insight.js';
import { problemShape } from './problem.js';
import type { Setup } from './setup-shapes.js';

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
  readonly starttls: StarttlsChoice | null;
}

/** What a scan would probe. */
export interface ScanPreview {
  readonly targets: readonly {
    readonly target: string;
    readonly kind: 'host' | 'range' | 'service' | 'invalid';
    readonly endpoints: number | null;
    readonly refusal: string | null;
  }[];
  readonly endpoints: number;
  readonly refused: number;
  readonly seconds: number;
}

/** One setting in force; see src/config/describe.ts. */
export interface ShownSetting {
  readonly key: string;
  readonly value: unknown;
  readonly default: unknown;
  readonly origin: 'default' | 'environment' | 'file';
}

/** Certificates that something else says are the operator's. */
export interface PushedInventory {
  /** Without `push:`. */
  readonly source: string;
  /** Certificates in any format, JSON, or fingerprints one a line. */
  readonly content: Uint8Array;
  /** Everything that was pushed before is gone. */
  readonly replace: boolean;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

/** What became of a sample. */
export interface ChannelTest {
  readonly ok: boolean;
  /** Only some recipients accepted it. */
  readonly partial: boolean;
  /** What the receiver answered. */
  readonly detail: string;
  readonly seconds: number;
}

/** What one channel does with a finding; see src/delivery/routing/explain.ts. */
export interface AlertExplanation {
  readonly channel: string;
  readonly status: 'due' | Delivery['state'];
  readonly at: Date | null;
  readonly why: string;
  readonly steps: readonly string[];
  readonly nextReminderAt: Date | null;
}

/** What became of a push. */
export interface PushResult {
  readonly source: string;
  readonly accepted: number;
  readonly total: number;
}

/** What the API can set in motion. Refusals are {@link Problem}s or become 500. */
export interface ApiActions {
  /** null when there is no such finding. */
  changeFinding(id: string, act: FindingAct, actor: string): Promise<Finding | null>;
  /** Tells a channel once more what it was, or was to be, told; null when there is no such delivery or its channel is no longer configured. */
  sendAgain(id: string, actor: string): Promise<Delivery | null>;
  /** Sends a sample to a channel, and gives what its receiver answered; null when there is no such channel. */
  testChannel(name: string): Promise<ChannelTest | null>;
  /** Starts a scan within the configured scope, or says in one sentence why not (a target that cannot be read, for example). */
  startScan(scan: AskedScan, actor: string): Promise<ScanRun | string>;
  /** What that scan would probe; contacts nothing. */
  previewScan(scan: AskedScan): Promise<ScanPreview>;
  /** Ends a scan on request; false when none of this id runs. */
  stopScan(id: string): Promise<boolean>;
  isStoppable(id: string): boolean;
  /** Adds to the inventory, or says in one sentence why not. */
  pushInventory(pushed: PushedInventory): Promise<PushResult | string>;
}

/** What the routes work with: what the service hands over, and what {@link ApiAccess} adds. */
export interface ApiParts extends ServiceParts, ApiAccess {}

/** Who may do what. */
export interface ApiAccess {
  readonly config: ApiConfig;
  readonly credentials: Credentials;
  readonly authenticator: Authenticator;
  readonly signIn: SignIn;
  /** null: not configured. */
  readonly oidc: OidcClient | null;
}

/** What the service hands to the API. */
export interface ServiceParts {
  readonly reader: ApiReader;
  readonly health: Store['health'];
  readonly rules: readonly RuleDescription[];
  readonly actions: ApiActions;
  readonly metrics: Registry;
  /** How far a run is; null when it is not running here. */
  readonly scanProgress: (scanId: string) => ScanProgressShown | null;
  readonly version: string;
  readonly now: () => Date;
  /** Below it are the credentials. */
  readonly dataDir: string;
  /** Folder of the built console; without it pages say where to go instead. */
  readonly consoleDir: string;
  /** See {@link AuthenticatorParts}. */
  readonly localToken: string | null;
  readonly writeAudit: WriteAudit;
  readonly checkAudit: Store['checkAudit'];
  readonly insight: Insight;
  readonly reporting: Reporting;
  readonly incidents: Incidents;
  /** Measures it now. */
  recall(): Promise<Recall>;
  readonly reviews: Reviews;
  /** Copies the embedded database into the folder `path`, or says why it cannot. */
  backup(name: string, base?: string): Promise<{ readonly path: string } | { readonly refusal: string }>;
  /** What the policy in force says of a place. */
  explainPolicy(place: {
    readonly host: string;
    readonly address: string | null;
    readonly issuer: string | null;
  }): PolicyExplanation;
  /** What would change under another policy; what is wrong with it, in a sentence, when it is not valid. */
  previewPolicy(policy: unknown): Promise<PolicyPreview | string>;
  /** What happens, as it happens. */
  readonly events: EventLog<LiveEvent>;
  readonly inventory: {
    maxAgeHours(): number;
    /** Names of the configured sources. */
    sources(): readonly string[];
    isRunning(source: string): boolean;
    /** Begins to read a source; false while the service starts or stops. */
    read(source: string): boolean;
  };
  /** Those in force now. */
  settings(): readonly ShownSetting[];
  /** The configured channels. */
  channels(): readonly { readonly name: string; readonly kind: string }[];
  readonly probe: ProbeTarget;
  /** Which channels are alerted about a finding, when and why. */
  explainAlerts(finding: Finding): Promise<readonly AlertExplanation[]>;
  readonly setup: Setup;
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

/** An answer that is a file of this media type: text, or bytes as they are. */
export function file(description: string, mediaType: string, kind: 'text' | 'binary' = 'text') {
  const schema = kind === 'text' ? z.string() : z.string().meta({ format: 'binary' });
  return { description, content: { [mediaType]: { schema } } };
}

/** Answers that every route may give beside its own. */
export const problems = {
  400: problem('The request does not fit the schema, or the cursor is not one of this list.'),
  401: problem('A bearer token or a session is needed.'),
  403: problem('The credential does not allow this, or the request came from another web site.'),
  404: problem('No such resource.'),
  405: problem('The resource does not take this method; allow lists those it takes.'),
  414: problem('A part of the path is too long.'),
  421: problem('The Host header is not one of this API.'),
  429: problem('Too many requests, or too many wrong credentials, from this address.'),
  431: problem('The header, the address included, is too large.'),
  500: problem('Something went wrong; the log has the request id.'),
  503: problem('The database is away, the API is busy, or the query is too expensive.'),
} as const;

/** The parts of a route's schema that are its own. */
interface OwnSchema {
  readonly tags: readonly string[];
  readonly params?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: Readonly<Record<number, unknown>>;
}

/** What every route says beside its path and its handler. */
interface RouteSays<S extends OwnSchema> {
  /** Unique over the whole API; names the function of a generated client. */
  readonly id: string;
  readonly summary: string;
  readonly access: Role | 'public';
  /** See {@link FastifyContextConfig}. */
  readonly audit?: string | null;
  readonly scoped?: boolean;
  readonly schema: S;
}

/** Options of a route: who may use it, what it takes and answers, the problems that every route may answer included. */
export function route<const S extends OwnSchema>({ id, summary, schema, ...config }: RouteSays<S>) {
  const tags = [...schema.tags];
  return {
    config,
    schema: { ...schema, tags, operationId: id, summary, response: { ...problems, ...schema.response } },
  } as {
    config: typeof config;
    schema: Omit<S, 'response' | 'tags'> & { tags: string[]; operationId: string; summary: string } & {
      response: S['response'] & Omit<typeof problems, keyof S['response']>;
    };
  };
}
