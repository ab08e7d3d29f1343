import type { Certificate } from '../model/certificate.js';
import type { KeyEvidence } from '../model/key-evidence.js';
import type { RevocationStatus } from '../model/network.js';
import type { Observation } from '../model/observation.js';
import type { AlternateChain } from '../model/survey.js';
import type { FleetRule } from './fleet-rule.js';
import type { Hit, RuleInfo } from './rule-info.js';

export type { Hit, RuleInfo } from './rule-info.js';
import type { Policy } from '../model/policy.js';
import type { Validation } from '../model/validation.js';

/** Everything a check may look at. No I/O, no clock: `now` is given. */
export interface CheckInput {
  readonly certificate: Certificate;
  /** Where it was met: an endpoint answered with it, a CT log holds it, or it was read from disk. */
  readonly source: 'served' | 'logged' | 'file';
  /** It is only logged now, and an endpoint served it or an inventory held it before; absent: neither, as far as is known. */
  readonly wasInUse?: boolean;
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
  /** Hold the certificate against the rules of public CAs, or not; absent: what is known of its issuer decides. */
  readonly isPublic?: boolean;
  /** What is known of the keys of the leaf and its chain beyond what each tells by itself; absent when nobody looked. */
  readonly keys?: KeyEvidence;
  /** What lists and responders said of the certificate last; absent when nothing did. */
  readonly revocation?: RevocationStatus;
  readonly policy: Policy;
  readonly now: Date;
}

/** What an endpoint rule judges. No I/O, no clock: `now` is given. */
export interface EndpointInput {
  /**
   * The last observation that brought a certificate or, if none ever did, the last one; with the last survey. No certificate came when
   * `observation.certificate` is null.
   */
  readonly observation: Observation;
  readonly policy: Policy;
  readonly now: Date;
}

/** A rule about one observation of an endpoint, whether or not a certificate came; asked once, however many chains a survey found. Pure. */
export interface EndpointRule extends RuleInfo {
  readonly kind: 'endpoint';
  appliesTo(input: EndpointInput): boolean;
  /** null means the endpoint passes. */
  check(input: EndpointInput): Hit | null;
  /** See {@link CertificateRule}. */
  standsUntil?(input: EndpointInput): Date | null;
}

/** A rule about one certificate (and the observation that showed it). Pure. */
export interface CertificateRule extends RuleInfo {
  readonly kind: 'certificate';
  /** What the finding is about: every endpoint that serves the certificate, or the issuance, wherever it is seen. */
  readonly about: 'endpoint' | 'issuance';
  /** While the inventory is not known, what the rule said before stands: it is neither said anew nor taken back. */
  readonly needsInventory?: true;
  appliesTo(input: CheckInput): boolean;
  /** null means the certificate passes. */
  check(input: CheckInput): Hit | null;
  /**
   * The next instant after `now` at which the answer may change although nothing but the time did, whatever the answer is; null: never.
   * Absent: the rule does not read `now`. The notBefore and notAfter of the leaf and its chain are looked at anyway.
   */
  standsUntil?(input: CheckInput): Date | null;
}

/** A rule whose cause is reported by a scanner as an incident; the rule names and grades it. */
export interface IncidentRule extends RuleInfo {
  readonly kind: 'incident';
}

/** Any kind of rule; `kind` tells which. */
export type Rule = CertificateRule | EndpointRule | FleetRule | IncidentRule;
