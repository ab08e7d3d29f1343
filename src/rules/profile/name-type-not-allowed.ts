import { profileRule } from '../profile-rule.js';

/** Baseline Requirements section 7.1.2.7.12: subjectAltName holds dNSName and iPAddress entries and nothing else. */
export const nameTypeNotAllowed = profileRule({
  id: 'name-type-not-allowed',
  title: 'Names of a form that is not allowed',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.12',
  remediation: 'Have it issued again with host names and addresses only.',
  scope: 'public',
  roles: ['leaf'],
  faults({ names, certificate: { extendedKeyUsages } }) {
    if (extendedKeyUsages?.includes('1.3.6.1.5.5.7.3.1') !== true) return [];
    const kinds = new Set(names.map(({ kind }) => kind).filter((kind) => kind !== 'dns' && kind !== 'ip'));
    return [...kinds].map((kind) => ({
      code: 'name-type',
      message: `an alternative name of the form ${kind}`,
      from: 'br-leaf-san',
    }));
  },
});
