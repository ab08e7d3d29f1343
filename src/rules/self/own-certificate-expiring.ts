import type { IncidentRule } from '../rule.js';

/** RFC 5280 section 4.1.2.5: a certificate is not valid after notAfter; browsers and agents then refuse Certglass's own console and API. */
export const ownCertificateExpiring: IncidentRule = {
  kind: 'incident',
  id: 'own-certificate-expiring',
  title: 'HTTPS certificate of Certglass expires soon',
  severity: 'error',
  citation: 'RFC 5280 section 4.1.2.5',
  remediation:
    'Put a renewed certificate and its key into the files of `api.tls`; they are read again within seconds, without a restart.',
};
