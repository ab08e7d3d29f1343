import type { Certificate } from '../../model/certificate.js';
import type { GeneralName } from '../../x509/path/general-name.js';
import { answersFor } from '../../x509/path/identity.js';
import { parseAddress } from '../../x509/path/ip-address.js';
import type { CertificateRule } from '../rule.js';

/**
 * RFC 9525 section 6: the name a client asked for must equal a dNSName, a wildcard standing for exactly the leftmost label; an
 * address must equal an iPAddress. The Common Name is not looked at (section 2). Nobody asks for a name when an endpoint is
 * scanned by its bare address, so the rule does not apply there.
 */
export const hostnameMismatch: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'hostname-mismatch',
  title: 'Certificate is for another name',
  severity: 'error',
  citation: 'RFC 9525 section 6',
  remediation: 'Serve a certificate whose subjectAltName holds the name, or correct the name or the routing.',
  appliesTo: ({ host, source }) => host !== null && source !== 'logged',
  check({ host, certificate }) {
    if (host === null || answersFor(presentedNames(certificate), host, true) === true) return null;
    const { dnsNames, ipAddresses } = certificate;
    return { details: { host, dnsNames, ipAddresses } };
  },
};

function presentedNames({ dnsNames, ipAddresses }: Certificate): readonly GeneralName[] {
  const addresses = ipAddresses.map(parseAddress).filter((octets) => octets !== null);
  return [
    ...dnsNames.map((text) => ({ kind: 'dns' as const, text })),
    ...addresses.map((octets) => ({ kind: 'ip' as const, octets })),
  ];
}
