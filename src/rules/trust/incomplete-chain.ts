import { isInUse } from '../facts.js';
import type { CertificateRule, CheckInput } from '../rule.js';
import type { Certificate } from '../../model/certificate.js';

/**
 * RFC 8446 section 4.4.2: the list holds every certificate up to the root, which alone may be left out. Browsers fetch or remember a missing
 * intermediate; command-line tools, phones and servers do not.
 */
export const incompleteChain: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'incomplete-chain',
  title: 'Server leaves out an intermediate',
  severity: 'warning',
  citation: 'RFC 8446 section 4.4.2; RFC 5246 section 7.4.2',
  remediation: 'Install the full chain the CA delivered: the certificate followed by every intermediate.',
  appliesTo: (input) =>
    isInUse(input) &&
    input.source === 'served' &&
    input.validation !== null &&
    !input.certificate.isSelfIssued,
  check(input) {
    const { validation, chain } = input;
    if (validation === null || !validation.errors.some(({ code }) => code === 'no-issuer')) return null;
    const last = lastOf(input);
    // Where the last one sent is a CA of its own, nothing is missing: its root is not trusted.
    if (last.isSelfIssued || last.caIssuerUrls.length === 0) return null;
    return { details: { missing: last.issuer, from: last.caIssuerUrls, sent: chain.length + 1 } };
  },
};

/** The certificate that nothing sent has issued, going up from the leaf by names. */
function lastOf({ certificate, chain }: CheckInput): Certificate {
  let last = certificate;
  for (let steps = 0; steps < chain.length; steps += 1) {
    const { issuerSha256 } = last;
    const issuer = chain.find(
      ({ subjectSha256 }) => subjectSha256 !== null && subjectSha256 === issuerSha256,
    );
    if (issuer === undefined || issuer === last) break;
    last = issuer;
  }
  return last;
}
