import type { PathCertificate } from './certificate.js';
import type { Problem } from './codes.js';
import { keyUsageBits } from './extensions.js';
import type { KeyPolicy } from './key.js';
import type { PolicyDemand } from './policies.js';
import type { Rules } from './profile.js';
import { purposes } from './purposes.js';

/** What the leaf is to be used for; `ca`: to issue certificates. */
export type Purpose = 'server' | 'client' | 'ca';

/** How a path is judged. */
export interface Judgement {
  readonly atMs: number;
  readonly purpose: Purpose;
  readonly rules: Rules;
  /** The root programme has vetted its roots: theirs is not held against the profile, only their limits are kept. */
  readonly isVetted: boolean;
  /** Null: any policy will do, none is demanded. */
  readonly policies: PolicyDemand | null;
}

/** What keys the rules allow. */
export function keyPolicy({ rules }: Judgement): KeyPolicy {
  if (rules.publicTrust) return 'public';
  return rules.web ? 'web' : 'sound';
}

/** Validity is inclusive at both ends and counted in whole seconds (RFC 5280 section 4.1.2.5). */
export function validityProblems(
  certificate: PathCertificate,
  { atMs }: Pick<Judgement, 'atMs'>,
): readonly Problem[] {
  const { notBeforeMs, notAfterMs } = certificate;
  const now = Math.floor(atMs / 1000) * 1000;
  if (notBeforeMs !== null && now < notBeforeMs)
    return [
      { code: 'not-yet-valid', text: `is not valid before ${iso(notBeforeMs)}; validated at ${iso(now)}` },
    ];
  if (notAfterMs !== null && now > notAfterMs)
    return [{ code: 'expired', text: `is not valid after ${iso(notAfterMs)}; validated at ${iso(now)}` }];
  return [];
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Where both are there, the key named and the key that signed are one (RFC 5280 section 4.2.1.2). */
export function keyIdMismatch(subordinate: PathCertificate, issuer: PathCertificate): readonly Problem[] {
  const named = subordinate.extensions.authorityKeyId?.value.keyId ?? null;
  const actual = issuer.extensions.subjectKeyId?.value ?? null;
  if (named === null || actual === null || named === actual) return [];
  const text = `names the issuer's key ${named.slice(0, 80)}, while the issuer's is ${actual.slice(0, 80)}`;
  return [{ code: 'authority-key-id-mismatch', text }];
}

/** RFC 5280 section 6.1.4 (k) and (n). */
export function canIssue({ extensions }: PathCertificate): readonly Problem[] {
  const problems: Problem[] = [];
  if (extensions.basicConstraints?.value.isCa !== true)
    problems.push({ code: 'not-a-ca', text: 'is no CA by its basicConstraints' });
  const { keyUsage } = extensions;
  if (keyUsage !== null && (keyUsage.value & keyUsageBits.keyCertSign) === 0)
    problems.push({ code: 'key-usage-without-cert-sign', text: 'may not sign certificates by its keyUsage' });
  return problems;
}

/** An extendedKeyUsage in any certificate of the path narrows what those below are good for. */
export function purposeProblems({ extensions }: PathCertificate, { purpose }: Judgement): readonly Problem[] {
  if (purpose === 'ca' || extensions.extendedKeyUsage === null) return [];
  const wanted = purpose === 'server' ? purposes.serverAuth : purposes.clientAuth;
  const allowed = extensions.extendedKeyUsage.value;
  if (allowed.includes(wanted) || allowed.includes(purposes.any)) return [];
  return [
    { code: 'wrong-purpose', text: `is not allowed for ${purpose} authentication by its extendedKeyUsage` },
  ];
}

/** A keyUsage must leave one way to authenticate in a handshake open (RFC 5280 section 4.2.1.12). */
export function usageForPurpose(
  { extensions }: PathCertificate,
  purpose: 'server' | 'client',
): readonly Problem[] {
  const { digitalSignature, keyAgreement, keyEncipherment } = keyUsageBits;
  const useful = digitalSignature | keyAgreement | (purpose === 'server' ? keyEncipherment : 0);
  if (extensions.keyUsage === null || (extensions.keyUsage.value & useful) !== 0) return [];
  return [{ code: 'wrong-key-usage', text: `has a keyUsage that does not allow ${purpose} authentication` }];
}
