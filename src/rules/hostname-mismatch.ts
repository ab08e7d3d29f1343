import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { CertificateRule } from './rule.js';

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
  check({ host, certificate: { dnsNames, ipAddresses } }) {
    if (host === null) return null;
    const good = isIP(host)
      ? ipAddresses.some((address) => sameAddress(address, host))
      : answersFor(dnsNames, host);
    return good ? null : { details: { host, dnsNames, ipAddresses } };
  },
};

function sameAddress(presented: string, wanted: string): boolean {
  return (
    ipaddr.isValid(presented) &&
    ipaddr.parse(presented).toNormalizedString() === ipaddr.parse(wanted).toNormalizedString()
  );
}

function answersFor(dnsNames: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, '');
  const anyFirstLabel = wanted.replace(/^[^.]+\./, '*.');
  return dnsNames.some((name) => {
    const presented = name.toLowerCase();
    return presented === wanted || (presented === anyFirstLabel && wanted.includes('.'));
  });
}
