import { isCritical, isPresent } from '../../x509/path/extensions.js';
import { generalNameText } from '../../x509/path/general-name.js';
import { isHttpUrl } from '../http-urls.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';
import { crlPointFaults } from '../crl-points.js';

/** Baseline Requirements sections 7.1.2.10.3 and 7.1.2.11.2: a subordinate CA says over http where its CRL and its issuer are. */
export const caAiaCrlPoints = profileRule({
  id: 'ca-aia-crl-points',
  title: 'CA certificate lacks or misnames its locations',
  severity: 'error',
  citation: 'Baseline Requirements sections 7.1.2.10.3 and 7.1.2.11.2',
  remediation: 'Report it to the CA; use another intermediate where there is one.',
  scope: 'public',
  roles: ['ca'],
  faults({ parsed }) {
    const { authorityInfoAccess, crlDistributionPoints } = parsed.extensions;
    const faults: ProfileFault[] = [];
    const odd = (authorityInfoAccess?.value ?? []).find(({ location }) => !isHttpUrl(location));
    if (odd !== undefined) {
      const message = `${generalNameText(odd.location).slice(0, 100)} is no http URL`;
      faults.push({ code: 'aia-not-http', message, from: 'br-profiles' });
    }
    if (!isPresent(parsed, 'authorityInfoAccess'))
      faults.push({ code: 'aia-missing', message: 'there is no authorityInfoAccess', severity: 'warning' });
    if (!isPresent(parsed, 'crlDistributionPoints'))
      return [
        ...faults,
        { code: 'crl-points-missing', message: 'no CRL distribution points', from: 'br-first' },
      ];
    const isExtensionCritical = isCritical(parsed, 'crlDistributionPoints');
    return [...faults, ...crlPointFaults(crlDistributionPoints?.value ?? [], isExtensionCritical)];
  },
});
