import { isUnreadable } from '../../model/certificate.js';
import type { ApprovedIssuer } from '../../model/policy.js';
import { ownedNames } from '../facts.js';
import type { CertificateRule, CheckInput } from '../rule.js';
import { isSignedBy } from '../cryptography.js';
import { ownershipOf } from '../ownership.js';
import { isInScope, isUnscoped } from '../scope.js';

/**
 * RFC 8659 section 1 lets a domain's holder say which CAs may issue, and CAs look at it once, when they issue. This looks at what
 * was issued. An issuer is approved by its name, by its key identifier, or by the hash of its certificate or key; a hash counts
 * only where that certificate came along and really signed.
 */
export const unauthorizedIssuer: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'unauthorized-issuer',
  title: 'Issued by a CA that is not approved',
  severity: 'error',
  citation: 'RFC 8659 section 1; RFC 6962 section 1',
  remediation:
    'If your organisation did not request it, have the CA revoke it and look for a hijack of DNS or web server; otherwise approve the issuer.',
  appliesTo: (input) =>
    namesIssuer(input) && ownedNames(input).some((name) => linesFor(name, input).length > 0),
  check(input) {
    const names = ownedNames(input);
    const refused = names.filter((name) => {
      const lines = linesFor(name, input);
      return lines.length > 0 && !isApprovedByText(lines, input) && !isApprovedByHash(lines, input);
    });
    if (refused.length === 0) return null;
    const { issuer, authorityKeyId, serialNumber } = input.certificate;
    const details = { issuer, authorityKeyId, serialNumber, ownedNames: names, refusedFor: refused };
    const wereCompared = refused.every((name) => hashesWereCompared(linesFor(name, input), input));
    return wereCompared ? { details } : { details, severity: 'warning' };
  },
};

/** Lines of the policy about a name; none: any CA may issue for it. */
function linesFor(name: string, { policy, certificate }: CheckInput): readonly ApprovedIssuer[] {
  const place = { host: name.replace(/^\*\./, ''), issuer: certificate.issuer };
  if (policy.approvedIssuers.every(({ scope }) => isUnscoped(scope))) return policy.approvedIssuers;
  const owned = ownershipOf(place, policy);
  return policy.approvedIssuers.filter(({ scope }) => isInScope(scope, place, owned));
}

/** Of bytes that cannot be read, no issuer is known: `unreadable-certificate` reports those. */
function namesIssuer({ certificate }: CheckInput): boolean {
  return certificate.issuer !== '' || !isUnreadable(certificate);
}

function isApprovedByText(lines: readonly ApprovedIssuer[], { certificate }: CheckInput): boolean {
  const issuer = certificate.issuer.toLowerCase();
  return lines.some(
    ({ name, keyId }) =>
      (name !== null && issuer.includes(name.toLowerCase())) ||
      (keyId !== null && keyId === certificate.authorityKeyId),
  );
}

function isApprovedByHash(lines: readonly ApprovedIssuer[], { certificate, chain }: CheckInput): boolean {
  const approved = new Set(lines.map(({ sha256 }) => sha256));
  return chain.some(
    (candidate) =>
      (approved.has(candidate.sha256) ||
        (candidate.spkiSha256 !== null && approved.has(candidate.spkiSha256))) &&
      isSignedBy(certificate, candidate),
  );
}

/** False when hashes are approved but the issuer's certificate did not come along: then it cannot be told. */
function hashesWereCompared(lines: readonly ApprovedIssuer[], { certificate, chain }: CheckInput): boolean {
  return (
    lines.every(({ sha256 }) => sha256 === null) ||
    chain.some(({ subjectSha256 }) => subjectSha256 !== null && subjectSha256 === certificate.issuerSha256)
  );
}
