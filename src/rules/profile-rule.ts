import { memoize, perObject } from '../lib/memoize.js';
import { isPublicCa } from '../lib/caa-issuers.js';
import { datedRule } from '../lib/policy-dates.js';
import { programmesOf } from '../lib/root-programmes.js';
import type { Certificate } from '../model/certificate.js';
import { severities, type Severity } from '../model/severity.js';
import type { PathCertificate } from '../x509/path/certificate.js';
import type { GeneralName } from '../x509/path/general-name.js';
import { tryRead } from '../x509/path/pool.js';
import { DerError } from '../x509/read/der.js';
import { attributesOf } from './attributes.js';
import { isOurs } from './facts.js';
import type { CertificateRule, CheckInput } from './rule.js';
import type { RuleInfo } from './rule-info.js';

/** What a certificate is by itself: of a server, of a CA below another, of a CA that is its own issuer. */
export type ProfileRole = 'leaf' | 'ca' | 'root';

/** A certificate read in full, as profile rules see it. */
export interface Profiled {
  readonly certificate: Certificate;
  readonly parsed: PathCertificate;
  readonly role: ProfileRole;
  /** Values of subjectAltName, empty when there is none. */
  readonly names: readonly GeneralName[];
  /** Object identifiers of its certificate policies. */
  readonly policies: readonly string[];
}

/** One fault against a profile. */
export interface ProfileFault {
  /** Stable kebab-case code. */
  readonly code: string;
  /** One clause with the values compared; hostile text inside is cut, not escaped. */
  readonly message: string;
  /** Id of the dated rule (config/policy-dates.json) by which it is one; absent: it always was. */
  readonly from?: string;
  /** Absent: the rule's. */
  readonly severity?: Severity;
}

/** A rule on the form of certificates. */
export interface ProfileRule extends RuleInfo {
  /** `public`: binds what public CAs issue; `all`: binds every certificate, where a private CA's faults weigh a grade less. */
  readonly scope: 'public' | 'all';
  readonly roles: readonly ProfileRole[];
  faults(profiled: Profiled): readonly ProfileFault[];
}

/** The last certificates read: the rules of one certificate are asked one after the other. */
const parse = memoize(64, (_sha256, { der }: Certificate): PathCertificate | null => {
  const read = tryRead(der);
  return read instanceof DerError ? null : read;
});

/** Makes the certificate rule of a profile rule: one finding with every fault that was one when the certificate was issued. */
export function profileRule({ roles, faults, ...info }: ProfileRule): CertificateRule {
  const { scope } = info;
  return {
    ...info,
    kind: 'certificate',
    about: 'issuance',
    appliesTo: (input) =>
      isOurs(input) &&
      roles.includes(roleOf(input.certificate)) &&
      (scope === 'all' || isPublic(input)) &&
      (info.isOptional !== true || input.policy.rules[info.id]?.enabled === true) &&
      parse(input.certificate.sha256, input.certificate) !== null,
    check(input) {
      const profiled = profile(input.certificate);
      if (profiled === null) return null;
      const found = faults(profiled).filter((fault) => binds(fault, input.certificate));
      if (found.length === 0) return null;
      const worst = severities.findLast((grade) =>
        found.some(({ severity = info.severity }) => severity === grade),
      );
      const isLess = scope === 'all' && !isPublic(input);
      // What a root programme includes was vetted, and cannot be changed by whoever relies on it.
      const isVetted = profiled.role === 'root' && programmesOf(input.certificate.sha256) !== null;
      const severity = isVetted ? 'notice' : isLess ? milder(worst) : worst;
      const shown = found.slice(0, 20).map(({ code, message }) => ({ code, message }));
      return { details: { faults: shown }, ...(severity === undefined ? {} : { severity }) };
    },
  };
}

/** The certificate as profile rules see it; null when its parts cannot be told apart. */
export function profile(certificate: Certificate): Profiled | null {
  const parsed = parse(certificate.sha256, certificate);
  if (parsed === null) return null;
  return {
    certificate,
    parsed,
    role: roleOf(certificate),
    names: parsed.extensions.subjectAltName?.value ?? [],
    policies: (parsed.extensions.certificatePolicies?.value ?? []).map(({ policy }) => policy),
  };
}

function roleOf({ isCa, isSelfIssued }: Certificate): ProfileRole {
  if (!isCa) return 'leaf';
  return isSelfIssued ? 'root' : 'ca';
}

function binds({ from }: ProfileFault, { notBefore }: Certificate): boolean {
  if (from === undefined) return true;
  const start = datedRule(from).from;
  return start === null || (notBefore !== null && notBefore >= start);
}

function milder(severity: Severity | undefined): Severity | undefined {
  return severity === 'critical' || severity === 'error' ? 'warning' : severity;
}

/**
 * True when a public CA issued the certificate: its path ends in a root that some programme includes. Where no path is known, it says so
 * itself, by SCTs, poison or a policy of the CA/Browser Forum, and its issuer bears the name of a public CA.
 */
export const isPublic = perObject(({ validation, certificate, isPublic: asked }: CheckInput): boolean => {
  if (asked !== undefined) return asked;
  const root = validation?.path.at(-1);
  if (root !== undefined) return programmesOf(root) !== null;
  if (certificate.isSelfIssued) return programmesOf(certificate.sha256) !== null;
  const profiled = profile(certificate);
  const isClaimed =
    certificate.isPrecertificate ||
    certificate.sctCount !== null ||
    (profiled?.policies ?? []).some((policy) => policy.startsWith('2.23.140.1.'));
  if (!isClaimed || profiled === null) return false;
  return attributesOf(profiled.parsed.issuer, 'organization').some(({ text }) => isPublicCa(text ?? ''));
});
