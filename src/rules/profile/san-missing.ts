import { isPresent } from '../../x509/path/extensions.js';
import { profileRule } from '../profile-rule.js';

/** RFC 9525 section 2: clients match names with the subjectAltName only; one without it matches nothing (Baseline Requirements section 7.1.2.7.12). */
export const sanMissing = profileRule({
  id: 'san-missing',
  title: 'Certificate has no alternative names',
  severity: 'error',
  citation: 'RFC 9525 section 2; Baseline Requirements section 7.1.2.7.12',
  remediation:
    'Have it issued again with every host name in subjectAltName; browsers ignore the Common Name.',
  scope: 'all',
  roles: ['leaf'],
  faults({ parsed, certificate: { extendedKeyUsages } }) {
    const isForServers =
      extendedKeyUsages === null || extendedKeyUsages.some((usage) => serverUsages.includes(usage));
    if (!isForServers || isPresent(parsed, 'subjectAltName')) return [];
    return [{ code: 'san-missing', message: 'there is no subjectAltName' }];
  },
});

const serverUsages: readonly string[] = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];
