import type { CertificateRule } from '../rule.js';

/** RFC 5246 section 7.4.2: "Each following certificate MUST directly certify the one preceding it"; RFC 8446 section 4.4.2 still says SHOULD. */
export const wrongChainOrder: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'wrong-chain-order',
  title: 'Certificates are sent in the wrong order',
  severity: 'warning',
  citation: 'RFC 8446 section 4.4.2; RFC 5246 section 7.4.2',
  remediation:
    'Send the server certificate first, then each issuer in turn, and nothing that belongs to another chain.',
  appliesTo: ({ source, chain }) => source === 'served' && chain.length > 0,
  check({ certificate, chain }) {
    const sent = [certificate, ...chain];
    const at = chain.findIndex(({ subjectSha256 }, index) => sent[index]?.issuerSha256 !== subjectSha256);
    const odd = chain[at];
    if (odd === undefined) return null;
    const isElsewhere = sent.some((one) => one !== odd && one.issuerSha256 === odd.subjectSha256);
    const details = { position: at + 1, found: odd.subject, expected: sent[at]?.issuer ?? null };
    // A stranger at the end disturbs nobody.
    return isElsewhere ? { details } : { details, severity: 'notice' };
  },
};
