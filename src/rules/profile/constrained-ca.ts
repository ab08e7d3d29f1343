import type { GeneralNameKind } from '../../x509/path/general-name.js';
import { profileRule } from '../profile-rule.js';

/** Baseline Requirements section 7.1.2.10.8: constraints that are to bind a CA name dNSName, iPAddress and directoryName each, permitted or excluded. */
export const constrainedCa = profileRule({
  id: 'constrained-ca',
  title: 'Name constraints of a CA leave a gap',
  severity: 'warning',
  citation: 'Baseline Requirements section 7.1.2.10.8',
  remediation:
    'Have the CA certificate issued again with constraints for names, addresses and directory names.',
  scope: 'public',
  roles: ['ca'],
  faults({ parsed: { extensions } }) {
    if (extensions.nameConstraints === null) return [];
    const { permitted, excluded } = extensions.nameConstraints.value;
    const forms = new Set([...permitted, ...excluded].map(({ kind }) => kind));
    const wanted: readonly GeneralNameKind[] = ['dns', 'ip', 'directory'];
    return wanted
      .filter((kind) => !forms.has(kind))
      .map((kind) => ({
        code: 'form-unconstrained',
        message: `nothing constrains ${kind}`,
        from: 'br-profiles',
      }));
  },
});
