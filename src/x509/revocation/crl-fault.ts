import type { PathCertificate } from '../path/certificate.js';
import { keyUsageBits } from '../path/extensions.js';
import { algorithmProblem } from '../path/signature.js';
import type { PathCrl } from './crl.js';

/** The fault of a CRL whose nextUpdate has passed; what it lists stays revoked. */
export const outOfDate = 'is out of date';

/** Why a CRL signed by `signer` may not be relied on at an instant, as a predicate; null when it may. */
export function crlFault(crl: PathCrl, { extensions }: PathCertificate, atMs: number): string | null {
  const [fault] = crl.faults;
  if (fault !== undefined) return fault;
  if (crl.isDelta) return 'is a delta CRL, which is not processed';
  if (crl.isV2 && !crl.hasNumber) return 'has no CRL number';
  if (crl.thisUpdateMs === null || atMs < crl.thisUpdateMs) return 'is from the future';
  if (crl.nextUpdateMs === null) return 'does not say when the next one comes';
  const { keyUsage } = extensions;
  if (keyUsage !== null && (keyUsage.value & keyUsageBits.cRLSign) === 0)
    return 'is by an issuer whose keyUsage lacks cRLSign';
  if (algorithmProblem(crl.signatureAlgorithm) !== null)
    return 'is signed with an algorithm that is not allowed';
  return Math.floor(atMs / 1000) * 1000 > crl.nextUpdateMs ? outOfDate : null;
}
