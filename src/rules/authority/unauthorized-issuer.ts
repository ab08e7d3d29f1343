import { isUnreadable } from '../../model/certificate.js';
import { ownedNames } from '../facts.js';
import type { CertificateRule, CheckInput } from '../rule.js';
import { isSignedBy } from '../cryptography.js';

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
    input.policy.approvedIssuers.length > 0 && ownedNames(input).length > 0 && namesIssuer(input),
  check(input) {
    if (isApprovedByText(input) || isApprovedByHash(input)) return null;
    const { issuer, authorityKeyId, serialNumber } = input.certificate;
    const details = { issuer, authorityKeyId, serialNumber, ownedNames: ownedNames(input) };
    return hashesWereCompared(input) ? { details } : { details, severity: 'warning' };
  },
};

/** Of bytes that nobody can read, no issuer is known: `unreadable-certificate` tells of those. */
function namesIssuer({ certificate }: CheckInput): boolean {
  return certificate.issuer !== '' || !isUnreadable(certificate);
}

function isApprovedByText({ certificate, policy }: CheckInput): boolean {
  const issuer = certificate.issuer.toLowerCase();
  return policy.approvedIssuers.some(
    ({ name, keyId }) =>
      (name !== null && issuer.includes(name.toLowerCase())) ||
      (keyId !== null && keyId === certificate.authorityKeyId),
  );
}

function isApprovedByHash({ certificate, chain, policy }: CheckInput): boolean {
  const approved = new Set(policy.approvedIssuers.map(({ sha256 }) => sha256));
  return chain.some(
    (candidate) =>
      (approved.has(candidate.sha256) ||
        (candidate.spkiSha256 !== null && approved.has(candidate.spkiSha256))) &&
      isSignedBy(certificate, candidate),
  );
}

/** False when hashes are approved but the issuer's certificate did not come along: then nobody can tell. */
function hashesWereCompared({ certificate, chain, policy }: CheckInput): boolean {
  return (
    policy.approvedIssuers.every(({ sha256 }) => sha256 === null) ||
    chain.some(({ subjectSha256 }) => subjectSha256 !== null && subjectSha256 === certificate.issuerSha256)
  );
}
