import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
import { datedRule, inForceFrom } from '../../lib/policy-dates.js';
import type { PathCertificate } from './certificate.js';
import type { Problem } from './codes.js';
import { wildcardBase } from './dns-name.js';
import { isCritical, isPresent, keyUsageBits } from './extensions.js';
import { addressText, isPublicAddress, looseAddressText } from './ip-address.js';
import { attributeTexts } from './name.js';
import { purposes } from './purposes.js';
import type { Rules } from './profile.js';
import { quote } from './quote.js';

/** Rules of the Baseline Requirements on a server's own certificate (section 7.1.2.7). */
export function subscriberProblems(certificate: PathCertificate, rules: Rules): readonly Problem[] {
  return [
    ...(certificate.version === 3 ? [] : [oldVersion(certificate)]),
    ...alternativeNameProblems(certificate, rules),
    ...commonNameProblems(certificate, rules),
    ...extendedKeyUsageProblems(certificate, rules),
    ...keyUsageProblems(certificate),
    ...authorityKeyIdProblems(certificate, rules),
    ...(rules.publicTrust ? publicTrustProblems(certificate) : []),
  ];
}

/** Rules of the Baseline Requirements on CA certificates (sections 7.1.2.1 to 7.1.2.6). */
export function authorityProblems(
  certificate: PathCertificate,
  isRoot: boolean,
  rules: Rules,
): readonly Problem[] {
  const { authorityKeyId, subjectKeyId } = certificate.extensions;
  const problems: Problem[] = certificate.version === 3 ? [] : [oldVersion(certificate)];
  problems.push(...authorityKeyIdProblems(certificate, rules));
  if (!isRoot) return problems;
  if (isPresent(certificate, 'extendedKeyUsage'))
    problems.push({ code: 'root-extended-key-usage', text: 'is a root with an extendedKeyUsage' });
  if (authorityKeyId !== null && authorityKeyId.value.keyId !== (subjectKeyId?.value ?? null))
    problems.push({
      code: 'authority-key-id-mismatch',
      text: 'is a root whose authorityKeyIdentifier is not its own subjectKeyIdentifier',
    });
  return problems;
}

function oldVersion({ version }: PathCertificate): Problem {
  return { code: 'wrong-version', text: `is of version ${version}, not 3` };
}

/**
 * True when the dated rule binds the certificate: a public CA's by its notBefore; those of other CAs always, as advice that has no
 * date.
 */
function binds(id: string, { notBeforeMs }: PathCertificate, { publicTrust }: Rules): boolean {
  return !publicTrust || (notBeforeMs ?? 0) >= inForceFrom(id).getTime();
}

function authorityKeyIdProblems(certificate: PathCertificate, rules: Rules): readonly Problem[] {
  if (certificate.extensions.authorityKeyId?.value.namesIssuer !== true) return [];
  if (!binds('br-profiles', certificate, rules)) return [];
  const text = 'has an authorityKeyIdentifier with an issuer or a serial number';
  return [{ code: 'authority-key-id-not-allowed', text }];
}

function alternativeNameProblems(certificate: PathCertificate, rules: Rules): readonly Problem[] {
  if (!isPresent(certificate, 'subjectAltName'))
    return [{ code: 'subject-alt-name-missing', text: 'has no subjectAltName' }];
  if (!isCritical(certificate, 'subjectAltName') || certificate.subject.rdns.length === 0) return [];
  if (!binds('br-san-criticality', certificate, rules)) return [];
  return [{ code: 'subject-alt-name-critical', text: 'has a subject and yet a critical subjectAltName' }];
}

/**
 * A Common Name repeats an alternative name, character for character, addresses in canonical text. That binds publicly trusted
 * certificates whole. In others it is refused where it writes one of the names in another way, and, in certificates that a public
 * CA could have issued, where it is a host name of which no alternative name is equal or lies below.
 */
function commonNameProblems({ subject, extensions }: PathCertificate, rules: Rules): readonly Problem[] {
  const names = extensions.subjectAltName?.value ?? [];
  const hosts = names.flatMap((name) => (name.kind === 'dns' ? [name.text] : []));
  const addresses = names.flatMap((name) => (name.kind === 'ip' ? [addressText(name.octets)] : []));
  const mayBePublic = hosts.length > 0 && hosts.every(isPublicHost) && addresses.every(isPublicAddress);
  const isWrong = (text: string): boolean =>
    rules.publicTrust ||
    hosts.includes(domainToASCII(text)) ||
    addresses.includes(looseAddressText(text) ?? '') ||
    (mayBePublic && readsAsHost(text) && !hosts.some((host) => host.endsWith(`.${text}`)));
  return attributeTexts(subject, '2.5.4.3')
    .filter((text) => !hosts.includes(text) && !addresses.includes(text) && isWrong(text))
    .slice(0, 1)
    .map((text) => ({
      code: 'common-name-not-in-subject-alt-name' as const,
      text: `has the Common Name "${quote(text)}", which is none of its alternative names`,
    }));
}

function readsAsHost(text: string): boolean {
  return /^[^\s@/]+$/u.test(text) && /[.*:]/.test(text);
}

const forbiddenPurposes: ReadonlySet<string> = new Set([
  purposes.any,
  purposes.codeSigning,
  purposes.emailProtection,
  purposes.timeStamping,
  purposes.ocspSigning,
  purposes.precertificateSigning,
]);

function extendedKeyUsageProblems(certificate: PathCertificate, rules: Rules): readonly Problem[] {
  if (!isPresent(certificate, 'extendedKeyUsage'))
    return [{ code: 'extended-key-usage-missing', text: 'has no extendedKeyUsage' }];
  const problems: Problem[] = [];
  if (isCritical(certificate, 'extendedKeyUsage') && binds('br-eku-criticality', certificate, rules))
    problems.push({ code: 'extended-key-usage-critical', text: 'has a critical extendedKeyUsage' });
  const mayProtectMail = !binds('br-eku-email', certificate, rules);
  const forbidden = (certificate.extensions.extendedKeyUsage?.value ?? []).filter(
    (purpose) => forbiddenPurposes.has(purpose) && !(mayProtectMail && purpose === purposes.emailProtection),
  );
  if (forbidden.length > 0)
    problems.push({
      code: 'extended-key-usage-not-allowed',
      text: `is allowed the purposes ${forbidden.slice(0, 4).join(', ')}, which a server's certificate must not be`,
    });
  return problems;
}

function keyUsageProblems({ extensions }: PathCertificate): readonly Problem[] {
  const usage = extensions.keyUsage?.value ?? 0;
  if ((usage & keyUsageBits.cRLSign) === 0) return [];
  return [{ code: 'leaf-key-usage', text: 'may sign CRLs by its keyUsage but is no CA' }];
}

/** Longest lifetimes by date of issue (Baseline Requirements section 6.3.2), newest first. */
const lifetimeLimits = ['47', '100', '200', '398', '825'].map((days) => datedRule(`br-lifetime-${days}`));

/** Days that a server certificate with this notBefore may be valid for; null before there was a limit in days. */
export function lifetimeLimitDays(notBefore: Date): number | null {
  const limit = lifetimeLimits.find(({ from }) => from !== null && from <= notBefore);
  return typeof limit?.value === 'number' ? limit.value : null;
}

const daySeconds = 86_400;

/** Seconds a certificate is valid for; the last one counts since the limit of 398 days (Baseline Requirements section 6.3.2). */
export function lifetimeSeconds({
  notBeforeMs,
  notAfterMs,
}: Pick<PathCertificate, 'notBeforeMs' | 'notAfterMs'>): number {
  if (notBeforeMs === null || notAfterMs === null) return 0;
  const isInclusive = notBeforeMs >= inForceFrom('br-lifetime-inclusive').getTime();
  return (notAfterMs - notBeforeMs) / 1000 + (isInclusive ? 1 : 0);
}

/** A number of seconds as `398 days and 1 second`. */
export function durationText(seconds: number): string {
  const days = Math.floor(seconds / daySeconds);
  const rest = seconds - days * daySeconds;
  const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
  return rest === 0 ? plural(days, 'day') : `${plural(days, 'day')} and ${plural(rest, 'second')}`;
}

function publicTrustProblems(certificate: PathCertificate): readonly Problem[] {
  const { extensions, notBeforeMs } = certificate;
  const problems: Problem[] = [];
  const days = notBeforeMs === null ? null : lifetimeLimitDays(new Date(notBeforeMs));
  const seconds = lifetimeSeconds(certificate);
  if (days !== null && seconds > days * daySeconds)
    problems.push({
      code: 'validity-too-long',
      text: `is valid for ${durationText(seconds)}, more than the ${days} days allowed when it was issued`,
    });
  const policies = extensions.certificatePolicies?.value ?? [];
  const isReserved = policies.some(({ policy }) => policy.startsWith('2.23.140.1.'));
  if (!isReserved && notBeforeMs !== null && notBeforeMs >= inForceFrom('br-profiles').getTime())
    problems.push({ code: 'policy-missing', text: "names none of the CA/Browser Forum's policies" });
  return [...problems, ...publicNameProblems(certificate)];
}

function publicNameProblems({ extensions }: PathCertificate): readonly Problem[] {
  const names = extensions.subjectAltName?.value ?? [];
  const odd = names.find(({ kind }) => kind !== 'dns' && kind !== 'ip');
  const internal = names.find((name) => name.kind === 'dns' && !isPublicHost(name.text));
  const problems: Problem[] = [];
  if (odd !== undefined)
    problems.push({ code: 'name-type-not-allowed', text: `has an alternative name of the form ${odd.kind}` });
  if (internal?.kind === 'dns')
    problems.push({ code: 'internal-name', text: `has the internal name ${quote(internal.text)}` });
  return problems;
}

/** True for names below a suffix of the public DNS, and for onion services: the only ones that a public CA may certify. */
export function isPublicHost(text: string): boolean {
  const name = wildcardBase(text) ?? text;
  const { isIcann, isPrivate } = parse(name, { allowPrivateDomains: true, validateHostname: false });
  return isIcann === true || isPrivate === true || name.endsWith('.onion');
}
