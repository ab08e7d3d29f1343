import { isCritical } from '../../x509/path/extensions.js';
import { nameConstraintFaults } from '../name-constraint-form.js';
import { profileRule, type ProfileFault, type Profiled } from '../profile-rule.js';

/** RFC 5280 sections 4.2.1.5, 4.2.1.7, 4.2.1.9 and 4.2.1.10: how constraints and mappings are written, and where they may stand. */
export const caConstraintForm = profileRule({
  id: 'ca-constraint-form',
  title: 'Constraints or mappings are written wrongly',
  severity: 'error',
  citation:
    'RFC 5280 sections 4.2.1.5, 4.2.1.7, 4.2.1.9 and 4.2.1.10; Baseline Requirements section 7.1.2.1.4',
  remediation:
    'Have the CA certificate issued again: clients read such constraints differently or not at all.',
  scope: 'all',
  roles: ['leaf', 'ca', 'root'],
  faults: (profiled) => [
    ...pathLengthFaults(profiled),
    ...mappingFaults(profiled),
    ...nameConstraintFaults(profiled),
  ],
});

function pathLengthFaults({ parsed: { extensions }, role }: Profiled): readonly ProfileFault[] {
  const pathLength = extensions.basicConstraints?.value.pathLength ?? null;
  if (pathLength === null) return [];
  if (role === 'leaf') return [{ code: 'path-length-without-ca', message: 'a path length, but no CA' }];
  if (role !== 'root') return [];
  return [
    {
      code: 'path-length-in-root',
      message: 'a root with a path length',
      severity: 'notice',
      from: 'br-profiles',
    },
  ];
}

function mappingFaults({ parsed, policies }: Profiled): readonly ProfileFault[] {
  const mappings = parsed.extensions.policyMappings?.value ?? [];
  const stray = mappings.find(({ issuer }) => !policies.includes(issuer));
  const faults: ProfileFault[] = [];
  if (mappings.length > 0 && !isCritical(parsed, 'policyMappings'))
    faults.push({
      code: 'mappings-not-critical',
      message: 'policyMappings is not critical',
      severity: 'warning',
    });
  if (stray !== undefined)
    faults.push({
      code: 'mapping-of-strange-policy',
      message: `maps ${stray.issuer}, which it does not hold`,
      severity: 'warning',
    });
  if (isCritical(parsed, 'issuerAltName'))
    faults.push({
      code: 'issuer-alt-name-critical',
      message: 'issuerAltName is critical',
      severity: 'warning',
    });
  return faults;
}
