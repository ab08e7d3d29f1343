import { addressText, isPublicAddress } from '../../x509/path/ip-address.js';
import { isPublicHost } from '../../x509/path/web-pki.js';
import type { GeneralName } from '../../x509/path/general-name.js';
import { attributesOf } from '../attributes.js';
import { internalHost } from '../http-urls.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements section 4.2.2 and 7.1.2.7.12: no internal names, no reserved addresses, no names of reverse zones. */
export const reservedName = profileRule({
  id: 'reserved-name',
  title: 'Public certificate for an internal or reserved name',
  severity: 'error',
  citation: 'Baseline Requirements sections 4.2.2 and 7.1.2.7.12',
  remediation:
    'Give internal names certificates of a private CA, and have this one issued again without them.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed, names }) {
    const commonNames = attributesOf(parsed.subject, 'commonName').flatMap(({ text }) =>
      text !== null && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && !isPublicAddress(text)
        ? [{ code: 'reserved-address', message: `the Common Name is the reserved address ${text}`, from }]
        : [],
    );
    const locations = (parsed.extensions.authorityInfoAccess?.value ?? []).flatMap(({ location }) => {
      const host = internalHost(location);
      const message = `authorityInfoAccess names the internal host ${host?.slice(0, 100) ?? ''}`;
      return host === null ? [] : [{ code: 'internal-location', message, severity: 'warning' as const }];
    });
    return [...names.flatMap(nameFaults), ...commonNames, ...locations];
  },
});

const from = 'br-internal-names';

function nameFaults(name: GeneralName): readonly ProfileFault[] {
  if (name.kind === 'ip') {
    const text = addressText(name.octets);
    return isPublicAddress(text)
      ? []
      : [{ code: 'reserved-address', message: `the reserved address ${text}`, from }];
  }
  if (name.kind !== 'dns') return [];
  const text = name.text.toLowerCase().slice(0, 253);
  if (/(?:^|\.)(?:in-addr|ip6)\.arpa$/.test(text))
    return [
      { code: 'reverse-zone', message: `${text} is a name of a reverse zone`, from: 'br-reverse-zone' },
    ];
  return isPublicHost(text) ? [] : [{ code: 'internal-name', message: `the internal name ${text}`, from }];
}
