import type { Certificate } from '../../model/certificate.js';
import type { GeneralName } from '../../x509/path/general-name.js';
import { answersFor } from '../../x509/path/identity.js';
import { parseAddress } from '../../x509/path/ip-address.js';
import type { CertificateRule, CheckInput } from '../rule.js';

/**
 * RFC 9525 section 6: the name a client asked for must equal a dNSName, a wildcard standing for exactly the leftmost label; an
 * address must equal an iPAddress. The Common Name is not considered (section 2). A scan of a bare address asks for no name,
 * so the rule does not apply there. A mail exchanger may answer for the domain or for itself (RFC 7672 section 3.2.2).
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
  check({ host, certificate, observation }) {
    const names = presentedNames(certificate);
    const accepted = [host, mailExchanger(observation)].filter((name) => name !== null);
    if (host === null || accepted.some((name) => answersFor(names, name, true) === true)) return null;
    const { dnsNames, ipAddresses } = certificate;
    return { details: { host, dnsNames, ipAddresses } };
  },
};

/** The host that MX records named, when a mail server was scanned on behalf of a domain; null otherwise. */
function mailExchanger(observation: CheckInput['observation']): string | null {
  if (!observation) return null;
  const { host, serverName, port, starttls } = observation.target;
  return starttls === 'smtp' && port === 25 && host !== serverName ? host : null;
}

function presentedNames({ dnsNames, ipAddresses }: Certificate): readonly GeneralName[] {
  const addresses = ipAddresses.map(parseAddress).filter((octets) => octets !== null);
  return [
    ...dnsNames.map((text) => ({ kind: 'dns' as const, text })),
    ...addresses.map((octets) => ({ kind: 'ip' as const, octets })),
  ];
}
