import type { Certificate } from '../model/certificate.js';
import type { KeyEvidence } from '../model/key-evidence.js';
import type { Observation } from '../model/observation.js';
import type { AlternateChain } from '../model/survey.js';
import type { Severity } from '../model/severity.js';
import type { Subject } from '../model/finding.js';
import type { Policy } from '../model/policy.js';
import type { Validation } from '../model/validation.js';

/** What every rule says of itself. `id` is the file name and never changes. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Standard and section, for example `RFC 5280 section 4.1.2.5`, or the measure it was judged by. */
  readonly citation: string;
  /** What to do about it, one or two sentences. */
  readonly remediation: string;
  /** Ids of rules that this one makes superfluous for the same subject: their findings are superseded, not fixed. */
  readonly supersedes?: readonly string[];
  /** The rule binds certificates whose notBefore is at or after this instant. */
  readonly effectiveFrom?: Date;
}

/** Everything a check may look at. No I/O, no clock: `now` is given. */
export interface CheckInput {
  readonly certificate: Certificate;
  /** Where it was met: an endpoint answered with it, a CT log holds it, or it was read from disk. */
  readonly source: 'served' | 'logged' | 'file';
  /** What came with it, leaf excluded, as it came and unverified: served or logged chain. Empty when nothing did. */
  readonly chain: readonly Certificate[];
  /** Name or address it has to answer for: the server name that was sent, or `--host`; null when nobody asked for one. */
  readonly host: string | null;
  /** The look that showed the certificate; null for files and CT entries. */
  readonly observation: Observation | null;
  /** How the endpoint was asked for a certificate that it shows besides its usual one; absent for that. */
  readonly asked?: AlternateChain['asked'];
  /** Path validation against the configured roots; null when it was not done. */
  readonly validation: Validation | null;
  /** How the managed inventory knows this certificate; null when no inventory is configured, or it is stale. */
  readonly inventory: 'known' | 'unknown' | null;
  /** What is known of the keys of the leaf and its chain beyond what each tells by itself; absent when nobody looked. */
  readonly keys?: KeyEvidence;
  readonly policy: Policy;
  readonly now: Date;
}

/** What a check found; severity defaults to the rule's. */
export interface Hit {
  readonly details: Readonly<Record<string, unknown>>;
  readonly severity?: Severity;
}

/** A rule about one certificate (and the look that showed it). Pure. */
export interface CertificateRule extends RuleInfo {
  readonly kind: 'certificate';
  /** What the finding is about: every endpoint that serves the certificate, or the issuance, wherever it is seen. */
  readonly about: 'endpoint' | 'issuance';
  /** While the inventory is not known, what the rule said before stands: it is neither said anew nor taken back. */
  readonly needsInventory?: true;
  appliesTo(input: CheckInput): boolean;
  /** null means the certificate passes. */
  check(input: CheckInput): Hit | null;
}

/** A rule about the fleet: a named query of the store and a mapping of its rows. */
export interface FleetRule extends RuleInfo {
  readonly kind: 'fleet';
  /** Name of a prepared query in src/store. */
  readonly query: string;
  parameters(policy: Policy, now: Date): Readonly<Record<string, unknown>>;
  toFinding(row: Readonly<Record<string, unknown>>, policy: Policy, now: Date): FleetHit | null;
}

/** One finding of a fleet rule. */
export interface FleetHit extends Hit {
  readonly subject: Subject;
  readonly host: string | null;
  readonly certificateSha256: string | null;
}

/** A rule whose cause is reported by a scanner as an incident; the rule names and grades it. */
export interface IncidentRule extends RuleInfo {
  readonly kind: 'incident';
}

/** Any kind of rule; `kind` tells which. */
export type Rule = CertificateRule | FleetRule | IncidentRule;
