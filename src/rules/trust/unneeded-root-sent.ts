import { isSelfSigned } from '../cryptography.js';
import type { CertificateRule } from '../rule.js';

/** RFC 8446 section 4.4.2: the root "MAY be omitted from the chain, provided that supported peers are known to possess it": sending it costs a kilobyte a handshake. */
export const unneededRootSent: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'unneeded-root-sent',
  title: 'Server sends the root along',
  severity: 'notice',
  citation: 'RFC 8446 section 4.4.2',
  remediation: 'Leave the root out of the file of certificates: clients that trust it have it.',
  appliesTo: ({ source, chain }) => source === 'served' && chain.length > 0,
  check({ chain }) {
    const root = chain.find((certificate) => certificate.isCa && isSelfSigned(certificate));
    if (root === undefined) return null;
    const details = { subject: root.subject, bytes: root.der.length };
    return { details, cause: { kind: 'issuer', key: root.subject } };
  },
};
