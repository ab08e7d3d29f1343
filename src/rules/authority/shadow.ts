import { isOurs, ownedNames } from '../facts.js';
import type { CertificateRule } from '../rule.js';

/**
 * PCI DSS 4.0.1 requirement 4.2.1.1 asks for "an inventory of trusted keys and certificates"; a certificate that is served, or
 * logged for an owned domain, and in no inventory has nobody who renews it. What was served or managed before and is only logged now was replaced. Says
 * nothing new while an inventory is not known.
 */
export const shadow: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  needsInventory: true,
  id: 'shadow',
  title: 'Certificate is in no managed inventory',
  severity: 'warning',
  citation: 'PCI DSS 4.0.1 requirement 4.2.1.1; NIST SP 1800-16B',
  remediation:
    'Find out who runs it and bring it under management, or take it out of service (and revoke it).',
  appliesTo: (input) => input.inventory !== null && input.wasInUse !== true && isOurs(input),
  check(input) {
    const { certificate, inventory, source } = input;
    if (inventory === 'known') return null;
    return {
      details: {
        seen: source,
        subject: certificate.subject,
        issuer: certificate.issuer,
        serialNumber: certificate.serialNumber,
        names: certificate.names,
        ownedNames: ownedNames(input),
      },
    };
  },
};
