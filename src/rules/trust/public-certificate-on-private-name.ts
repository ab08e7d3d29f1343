import { isPublicAddress } from '../../x509/path/ip-address.js';
import { isPublic } from '../profile-rule.js';
import type { CertificateRule, CheckInput } from '../rule.js';

/** RFC 6962 section 1: public CAs log what they issue, so everybody can read the names of a service that only the inside may reach. */
export const publicCertificateOnPrivateName: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'public-certificate-on-private-name',
  title: 'Internal service has a public certificate',
  severity: 'notice',
  citation: 'RFC 6962 section 1; RFC 1918',
  remediation:
    'Where its names should stay private, use a certificate of your own CA, or a wildcard that tells less.',
  appliesTo: (input) => addressOf(input) !== null && isPublic(input),
  check(input) {
    const address = addressOf(input);
    if (address === null || isPublicAddress(address)) return null;
    return { details: { address, names: input.certificate.dnsNames.slice(0, 20) } };
  },
};

/** The address that was probed, unless it is this machine itself. */
function addressOf({ source, observation }: CheckInput): string | null {
  const address = source === 'served' ? (observation?.target.address ?? null) : null;
  return address === null || /^127\.|^::1$/.test(address) ? null : address;
}
