import { isPublicAddress } from '../../x509/path/ip-address.js';
import { isPublicHost } from '../../x509/path/web-pki.js';
import { programmesOf } from '../../lib/root-programmes.js';
import type { CertificateRule } from '../rule.js';

/** RFC 5280 section 6.1.1: clients outside do not have the operator's root, so a public service below it fails for them. */
export const privateCertificateOnPublicName: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'private-certificate-on-public-name',
  title: 'Public service has a private certificate',
  severity: 'notice',
  citation: 'RFC 5280 section 6.1.1 (d)',
  remediation:
    'If strangers are to use the service, serve a certificate of a public CA; otherwise keep it off public addresses.',
  appliesTo: ({ source, observation, host, validation }) =>
    source === 'served' && observation !== null && host !== null && (validation?.path.length ?? 0) > 0,
  check({ observation, host, validation }) {
    const address = observation?.target.address ?? null;
    const root = validation?.path.at(-1);
    if (address === null || host === null || root === undefined || programmesOf(root) !== null) return null;
    if (!isPublicAddress(address) || !isPublicHost(host)) return null;
    return { details: { host, address, rootStore: validation?.rootStore ?? null } };
  },
};
