import { generalNameText, type GeneralName } from '../../x509/path/general-name.js';
import { isPresent } from '../../x509/path/extensions.js';
import { lifetimeSeconds } from '../../x509/path/web-pki.js';
import { isHttpUrl } from '../http-urls.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';
import { isShortLived } from '../short-lived.js';

const ocsp = '1.3.6.1.5.5.7.48.1';
const caIssuers = '1.3.6.1.5.5.7.48.2';

/** Baseline Requirements section 7.1.2.7.7: authorityInfoAccess says over http where OCSP and the issuer's certificate are. */
export const leafAia = profileRule({
  id: 'leaf-aia',
  title: 'Authority information access is wrong',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.7',
  remediation: 'Have it issued again by a CA that follows the Baseline Requirements.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed, certificate }) {
    if (!isPresent(parsed, 'authorityInfoAccess'))
      return isShortLived(certificate.notBefore, lifetimeSeconds(parsed))
        ? []
        : [
            {
              code: 'aia-missing',
              message: 'there is no authorityInfoAccess',
              from: 'br-first',
              severity: 'warning',
            },
          ];
    const described = parsed.extensions.authorityInfoAccess?.value ?? [];
    const methods = described.map(({ method }) => method);
    const odd = described.find(({ method }) => method !== ocsp && method !== caIssuers);
    return [
      ...described.flatMap(({ location }) => locationFaults(location)),
      ...repeatedFaults(described.map(({ method, location }) => `${method} ${generalNameText(location)}`)),
      ...(odd === undefined
        ? []
        : [{ code: 'aia-method', message: `the method ${odd.method}`, from: 'br-profiles' }]),
      ...(methods.includes(caIssuers)
        ? []
        : [{ code: 'aia-no-issuer', message: 'no URL of the issuer', severity: 'warning' as const }]),
    ];
  },
});

function locationFaults(location: GeneralName): readonly ProfileFault[] {
  if (isHttpUrl(location)) return [];
  const message = `${generalNameText(location).slice(0, 100)} is no http URL`;
  return [{ code: 'aia-not-http', message, from: 'br-profiles' }];
}

function repeatedFaults(locations: readonly string[]): readonly ProfileFault[] {
  if (new Set(locations).size === locations.length) return [];
  return [{ code: 'aia-repeated', message: 'a location comes more than once', from: 'br-profiles' }];
}
