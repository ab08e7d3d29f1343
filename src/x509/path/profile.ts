import type { PathCertificate } from './certificate.js';
import type { Problem } from './codes.js';
import { isCritical, isPresent, keyUsageBits } from './extensions.js';
import { generalNameText, isWellFormed } from './general-name.js';
import { policyProblems } from './policies.js';
import { quote } from './quote.js';
import { isSelfSigned } from './signature.js';

/** Which rules a path is judged by. */
export interface Rules {
  /** The Baseline Requirements' rules that every TLS server certificate is expected to keep, whoever issued it. */
  readonly web: boolean;
  /** The rules that bind publicly trusted certificates only: lifetimes, name types, reserved policies, key types. */
  readonly publicTrust: boolean;
  /** nameConstraints need not be critical: "an explicit exception from RFC 5280" (Baseline Requirements section 7.1.2.5.2). */
  readonly anyNameConstraints: boolean;
}

/** Where a certificate stands in the path. */
export type Role = 'leaf' | 'issuer' | 'anchor';

/** Faults of one certificate against the profile of RFC 5280 section 4, wherever its signature leads. */
export function profileProblems(certificate: PathCertificate, role: Role, rules: Rules): readonly Problem[] {
  return [
    ...certificate.problems,
    ...serialProblems(certificate, role),
    ...nameProblems(certificate, role),
    ...keyIdProblems(certificate),
    ...missingAuthorityKeyId(certificate, role),
    ...usageProblems(certificate),
    ...constraintUseProblems(certificate, rules),
    ...policyProblems(certificate),
    ...criticalityProblems(certificate),
  ];
}

/** Some roots in every store have the serial number zero; it harms nobody, for nobody looks them up by it. */
function serialProblems({ serialNumber, serialOctets }: PathCertificate, role: Role): readonly Problem[] {
  const code = 'bad-serial-number';
  const octets = serialOctets.length;
  if (octets > 20) return [{ code, text: `has a serial number of ${octets} octets, more than 20` }];
  if (serialNumber < 0n) return [{ code, text: 'has a negative serial number', isTolerable: true }];
  if (serialNumber > 0n || role === 'anchor') return [];
  return [{ code, text: 'has the serial number zero', isTolerable: true }];
}

function nameProblems(certificate: PathCertificate, role: Role): readonly Problem[] {
  const { issuer, subject, extensions } = certificate;
  const problems: Problem[] = [];
  const alternative = extensions.subjectAltName;
  if (issuer.rdns.length === 0) problems.push({ code: 'empty-issuer', text: 'has an empty issuer name' });
  if (subject.rdns.length === 0) {
    const isCa = role !== 'leaf' || extensions.basicConstraints?.value.isCa === true;
    if (isCa || !isPresent(certificate, 'subjectAltName'))
      problems.push({ code: 'empty-subject', text: 'has an empty subject' });
    else if (!isCritical(certificate, 'subjectAltName'))
      problems.push({
        code: 'subject-alt-name-not-critical',
        text: 'has an empty subject and a subjectAltName that is not critical',
      });
  }
  const names = [...(alternative?.value ?? []), ...(extensions.issuerAltName?.value ?? [])];
  const malformed = names.find((name) => !isWellFormed(name));
  if (malformed !== undefined)
    problems.push({
      code: 'bad-alternative-name',
      text: `has the malformed alternative name ${quote(generalNameText(malformed))}`,
    });
  return problems;
}

/** True when issuer and subject are one name (RFC 5280 section 3.2). */
export function isSelfIssued({ issuer, subject }: PathCertificate): boolean {
  return issuer.key === subject.key;
}

function keyIdProblems(certificate: PathCertificate): readonly Problem[] {
  const { basicConstraints } = certificate.extensions;
  const problems: Problem[] = [];
  if (isCritical(certificate, 'authorityKeyId'))
    problems.push({ code: 'authority-key-id-critical', text: 'has a critical authorityKeyIdentifier' });
  if (isCritical(certificate, 'subjectKeyId'))
    problems.push({ code: 'subject-key-id-critical', text: 'has a critical subjectKeyIdentifier' });
  if (basicConstraints?.value.isCa === true && !isPresent(certificate, 'subjectKeyId'))
    problems.push({
      code: 'subject-key-id-missing',
      text: 'is a CA without a subjectKeyIdentifier',
      isTolerable: true,
    });
  return problems;
}

/** Only a self-signed certificate may leave the extension out (RFC 5280 section 4.2.1.1); an anchor is one by its names. */
function missingAuthorityKeyId(certificate: PathCertificate, role: Role): readonly Problem[] {
  const { authorityKeyId } = certificate.extensions;
  if (isPresent(certificate, 'authorityKeyId') && authorityKeyId?.value.keyId !== null) return [];
  const isOwn = (role === 'anchor' && isSelfIssued(certificate)) || isSelfSigned(certificate);
  if (authorityKeyId === null && isOwn) return [];
  const text = 'has no key identifier of its issuer';
  return [{ code: 'authority-key-id-missing', text, isTolerable: true }];
}

function usageProblems({ extensions }: PathCertificate): readonly Problem[] {
  const { basicConstraints, keyUsage } = extensions;
  const isCa = basicConstraints?.value.isCa === true;
  const signsCertificates = keyUsage !== null && (keyUsage.value & keyUsageBits.keyCertSign) !== 0;
  const problems: Problem[] = [];
  if (keyUsage?.value === 0)
    problems.push({ code: 'key-usage-empty', text: 'has a keyUsage that allows nothing' });
  if (signsCertificates && !isCa)
    problems.push({
      code: 'key-cert-sign-without-ca',
      text: 'may sign certificates by its keyUsage but is no CA',
    });
  if (isCa && keyUsage !== null && !signsCertificates)
    problems.push({
      code: 'ca-without-key-cert-sign',
      text: 'is a CA whose keyUsage lacks keyCertSign',
      isTolerable: true,
    });
  if (isCa && !basicConstraints.critical)
    problems.push({
      code: 'basic-constraints-not-critical',
      text: 'has CA basicConstraints that are not critical',
      isTolerable: true,
    });
  if (basicConstraints !== null && basicConstraints.value.pathLength !== null && !isCa)
    problems.push({ code: 'path-length-without-ca', text: 'has a path length constraint but is no CA' });
  return problems;
}

function constraintUseProblems({ extensions }: PathCertificate, rules: Rules): readonly Problem[] {
  const { nameConstraints, basicConstraints } = extensions;
  if (nameConstraints === null) return [];
  const leadingDot = nameConstraints.value.hasLeadingDot && !rules.web ? [leadingDotProblem] : [];
  if (basicConstraints?.value.isCa !== true)
    return [{ code: 'name-constraints-outside-ca', text: 'has nameConstraints but is no CA' }];
  if (nameConstraints.critical || rules.anyNameConstraints) return leadingDot;
  return [
    ...leadingDot,
    { code: 'name-constraints-not-critical', text: 'has nameConstraints that are not critical' },
  ];
}

/** Browsers take such a constraint for the names below the domain; RFC 5280 section 4.2.1.10 knows none for dNSName. */
const leadingDotProblem: Problem = {
  code: 'name-constraints-malformed',
  text: 'has a dNSName constraint that begins with a dot',
};

function criticalityProblems(certificate: PathCertificate): readonly Problem[] {
  const problems: Problem[] = [];
  if (isCritical(certificate, 'authorityInfoAccess') || isCritical(certificate, 'subjectInfoAccess'))
    problems.push({
      code: 'information-access-critical',
      text: 'has a critical information access extension',
    });
  if (isCritical(certificate, 'freshestCrl'))
    problems.push({ code: 'freshest-crl-critical', text: 'has a critical freshestCRL' });
  return problems;
}
