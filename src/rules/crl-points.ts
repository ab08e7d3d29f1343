import { generalNameText } from '../x509/path/general-name.js';
import type { DistributionPoint } from '../x509/revocation/distribution-point.js';
import { isHttpUrl } from './http-urls.js';
import type { ProfileFault } from './profile-rule.js';

/** What is wrong with distribution points, of whichever certificate. */
export function crlPointFaults(
  points: readonly DistributionPoint[],
  isExtensionCritical: boolean,
): readonly ProfileFault[] {
  const faults: ProfileFault[] = [];
  const names = points.flatMap(({ name }) => name?.full ?? []);
  const odd = names.find((name) => !isHttpUrl(name));
  if (isExtensionCritical)
    faults.push({ code: 'crl-points-critical', message: 'the extension is critical', from: 'br-first' });
  if (odd !== undefined)
    faults.push({
      code: 'crl-points-not-http',
      message: `${generalNameText(odd).slice(0, 100)} is no http URL`,
      from: 'br-profiles',
    });
  if (points.some(({ crlIssuers }) => crlIssuers.length > 0))
    faults.push({ code: 'crl-points-issuer', message: 'a point names a CRL issuer', from: 'br-profiles' });
  if (names.length === 0)
    faults.push({ code: 'crl-points-without-url', message: 'no point has a URL', from: 'br-first' });
  return faults;
}
