import type { Severity } from './severity.js';

/** What the operator expects of certificates. Thresholds are data; the defaults stand beside their sources in the configuration schema. */
export interface Policy {
  /** Domains the operator owns, lower-case A-labels; sub-domains included. */
  readonly ownedDomains: readonly string[];
  /** Issuers that may issue for owned domains. Empty: any issuer may. */
  readonly approvedIssuers: readonly ApprovedIssuer[];
  /** Who is responsible for what; the first line that applies wins. */
  readonly owners: readonly OwnerRule[];
  /** What is accepted for a time; see {@link PolicyException}. */
  readonly exceptions: readonly PolicyException[];
  readonly expiring: {
    /** The warning starts when less than this share of the lifetime is left ... */
    readonly warnFraction: number;
    /** ... but never earlier than this many days before notAfter. */
    readonly warnDays: number;
    /** Error below this share of the lifetime ... */
    readonly errorFraction: number;
    /** ... but never earlier than this many days before notAfter. */
    readonly errorDays: number;
    /** Other thresholds for some; the first line that applies wins. */
    readonly overrides: readonly (PolicyScope & Partial<ExpiryThresholds>)[];
  };
  readonly minRsaBits: number;
  readonly minEcBits: number;
  /** A logged certificate may stay unexplained this long before `unexplained-issuance` reports it. */
  readonly unexplainedGraceHours: number;
  /** A certificate that is valid or managed for so many days without being served is reported by `unused` and `not-in-use`. */
  readonly unusedAfterDays: number;
  /** When certificates are requested, see the rule `issued-out-of-hours`; times are `HH:MM` in the time zone. */
  readonly issuanceHours: {
    readonly days: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
    readonly from: string;
    readonly to: string;
    readonly timezone: string;
  };
  /** An inventory older than this is stale, and `shadow` says nothing. */
  readonly inventoryMaxAgeHours: number;
  /** An endpoint is gone after this many misses in a row ... */
  readonly goneAfterMisses: number;
  /** ... spread over at least this many minutes. */
  readonly goneAfterMinutes: number;
  /** An endpoint that no scan looks at any more is forgotten this many hours after it was last seen. */
  readonly forgetAfterHours: number;
  /** Hosts and addresses that are expected to answer, lower-case; those that served a certificate once are anyway. */
  readonly expectedHosts: readonly string[];
  /** A finding about an endpoint is alerted once a second probe shows it, made so many seconds after the first; 0: at once. */
  readonly confirmAfterSeconds: number;
  /** It is resolved once this many probes in a row did not show it ... */
  readonly resolveAfterProbes: number;
  /** ... and none did for so many minutes; */
  readonly resolveAfterMinutes: number;
  /** this long where it came back before: machines behind one address, or an endpoint that alternates. */
  readonly resolveAlternatingAfterMinutes: number;
  /** Rules switched off, or given another severity, by id. */
  readonly rules: Readonly<
    Partial<
      Record<
        string,
        {
          readonly enabled?: boolean;
          readonly severity?: Severity;
          /** The same for some subjects; the first line that applies wins. */
          readonly overrides?: readonly (PolicyScope & {
            readonly enabled: boolean;
            readonly severity?: Severity;
          })[];
        }
      >
    >
  >;
}

/** When a warning and an error start, as {@link Policy.expiring} says it. */
export interface ExpiryThresholds {
  readonly warnFraction: number | undefined;
  readonly warnDays: number | undefined;
  readonly errorFraction: number | undefined;
  readonly errorDays: number | undefined;
}

/** What a line of the policy is about. Every condition that is not empty must hold, by any one of its values. */
export interface PolicyScope {
  /** Host names and domains, sub-domains included. */
  readonly names: readonly string[];
  /** CIDRs of the address probed. */
  readonly networks: readonly string[];
  /** Texts contained in the issuer's RFC 4514 name, case folded. */
  readonly issuers: readonly string[];
  /** Tags and environments that {@link Policy.owners} or an inventory gives. */
  readonly tags: readonly string[];
  readonly environments: readonly string[];
}

/** Findings of some rules that were accepted beforehand. */
export interface PolicyException extends PolicyScope {
  readonly rules: readonly string[];
  /** SHA-256; empty: any. */
  readonly certificates: readonly string[];
  readonly reason: string;
  readonly approver: string;
  /** The last day, UTC: `2027-01-31`. */
  readonly expires: string;
}

/** A line of {@link Policy.owners}. Every condition that is not empty must hold. */
export interface OwnerRule {
  /** Host names and domains, sub-domains included. */
  readonly names: readonly string[];
  /** CIDRs of the address probed. */
  readonly networks: readonly string[];
  /** Texts contained in the issuer's RFC 4514 name, case folded. */
  readonly issuers: readonly string[];
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
}

/** An issuer is recognised by any one of these. */
export interface ApprovedIssuer {
  /** Text that must be contained in the issuer's RFC 4514 name, case folded; null when not used. */
  readonly name: string | null;
  /** SHA-256 of an issuer certificate or of its SubjectPublicKeyInfo; null when not used. */
  readonly sha256: string | null;
  /** Authority key identifier, lower-case hex; null when not used. */
  readonly keyId: string | null;
  /** What it is approved for; all empty: everything. */
  readonly scope: PolicyScope;
}
