import { isOurs, withChain } from '../facts.js';
import type { CertificateRule } from '../rule.js';

/**
 * Two RSA moduli with one prime in common are both factored by a greatest common divisor (Heninger, Durumeric, Wustrow, Halderman,
 * "Mining Your Ps and Qs", 2012): whoever sees both certificates has both private keys. CA/Browser Forum Baseline Requirements
 * section 6.1.1.3 lists no key from which the private key is easily computed as acceptable.
 */
export const sharedPrime: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'shared-prime',
  title: 'RSA key shares a prime with another key',
  severity: 'critical',
  citation:
    'Heninger et al., "Mining Your Ps and Qs" (USENIX Security 2012); CA/Browser Forum Baseline Requirements section 6.1.1.3',
  remediation:
    'Replace both keys and revoke their certificates; find the device or image whose random numbers repeat before making new ones.',
  appliesTo: (input) =>
    isOurs(input) &&
    input.keys !== undefined &&
    withChain(input).some(({ certificate }) => isRsa(certificate)),
  check(input) {
    const keys = withChain(input).flatMap(({ certificate: { modulusSha256, subject, key }, position }) => {
      const found = modulusSha256 === null ? undefined : input.keys?.sharedPrimes.get(modulusSha256);
      if (found === undefined) return [];
      const { primeBits, primeSha256, holders } = found;
      const sharedWith = holders
        .filter((holder) => holder.modulusSha256 !== modulusSha256)
        .map((holder) => `${holder.subject} (certificate ${holder.certificateSha256})`);
      return [
        { position, subject, bits: key?.bits ?? null, modulusSha256, primeBits, primeSha256, sharedWith },
      ];
    });
    return keys.length === 0 ? null : { details: { keys } };
  },
};

function isRsa({ modulusSha256 }: { readonly modulusSha256: string | null }): boolean {
  return modulusSha256 !== null;
}
