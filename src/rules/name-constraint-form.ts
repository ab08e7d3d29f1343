import type { GeneralNameKind } from '../x509/path/general-name.js';
import type { ProfileFault, Profiled } from './profile-rule.js';

const oddForms: readonly GeneralNameKind[] = ['x400Address', 'ediPartyName', 'registeredID'];

/** How nameConstraints are written, and where (RFC 5280 section 4.2.1.10). */
export function nameConstraintFaults({ parsed, role }: Profiled): readonly ProfileFault[] {
  const constraints = parsed.extensions.nameConstraints;
  if (constraints === null) return [];
  if (role === 'leaf')
    return [{ code: 'name-constraints-without-ca', message: 'nameConstraints, but no CA' }];
  const faults: ProfileFault[] = [];
  const { permitted, excluded, hasLeadingDot } = constraints.value;
  const odd = [...permitted, ...excluded].find(({ kind }) => oddForms.includes(kind));
  if (!constraints.critical)
    faults.push({
      code: 'name-constraints-not-critical',
      message: 'nameConstraints is not critical',
      severity: 'warning',
    });
  if (odd !== undefined)
    faults.push({
      code: 'name-constraint-form',
      message: `a constraint of the form ${odd.kind}`,
      severity: 'warning',
    });
  if (hasLeadingDot)
    faults.push({
      code: 'name-constraint-leading-dot',
      message: 'a dNSName constraint that begins with a dot',
    });
  return faults;
}
