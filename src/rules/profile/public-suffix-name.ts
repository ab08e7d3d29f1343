import { parse } from 'tldts';
import { wildcardBase } from '../../x509/path/dns-name.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements section 3.2.2.6: no wildcard directly below a public suffix, and no certificate for the suffix itself. */
export const publicSuffixName = profileRule({
  id: 'public-suffix-name',
  title: 'Certificate is for a public suffix',
  severity: 'error',
  citation: 'Baseline Requirements section 3.2.2.6',
  remediation: 'Find out who asked for it: it answers for names of everybody below the suffix.',
  scope: 'public',
  roles: ['leaf'],
  faults({ names }) {
    const hosts = names.flatMap((name) => (name.kind === 'dns' ? [name.text.toLowerCase()] : []));
    const repeated = hosts.filter((host, at) => hosts.indexOf(host) < at);
    const duplicates = repeated.slice(0, 1).map((host) => ({
      code: 'name-repeated',
      message: `${host.slice(0, 100)} comes more than once`,
      severity: 'notice' as const,
    }));
    return [...hosts.flatMap(suffixFault), ...(hosts.length > maxCompared ? [] : duplicates)];
  },
});

/** Comparing each name with each is for lists of a usual length. */
const maxCompared = 2000;

function suffixFault(host: string): readonly ProfileFault[] {
  const base = wildcardBase(host);
  const { publicSuffix, isIcann } = parse(base ?? host, {
    allowPrivateDomains: true,
    validateHostname: false,
  });
  if (publicSuffix !== (base ?? host) || base?.endsWith('.onion') === true) return [];
  const shown = host.slice(0, 100);
  // A company's own suffix, such as github.io, may be its own customer.
  if (isIcann !== true)
    return base === null
      ? []
      : [{ code: 'wildcard-below-private-suffix', message: shown, severity: 'notice' }];
  return [
    { code: base === null ? 'bare-suffix' : 'wildcard-below-suffix', message: shown, from: 'br-first' },
  ];
}
