import { has, reservedPolicies, type AttributeName } from '../attributes.js';
import { profileRule, type ProfileFault, type Profiled } from '../profile-rule.js';

/** Baseline Requirements sections 7.1.2.7.3 and 7.1.2.7.4: what an organization- or individual-validated subject must and must not name. */
export const subjectOfOvIv = profileRule({
  id: 'subject-of-ov-iv',
  title: 'Validated subject lacks or has too many attributes',
  severity: 'error',
  citation: 'Baseline Requirements sections 7.1.2.7.3 and 7.1.2.7.4',
  remediation: 'Have it issued again with the attributes that its kind of validation asks for.',
  scope: 'public',
  roles: ['leaf'],
  faults(profiled) {
    const { policies } = profiled;
    return [
      ...(policies.includes(reservedPolicies.organization) ? organizationFaults(profiled) : []),
      ...(policies.includes(reservedPolicies.individual) ? individualFaults(profiled) : []),
      ...placeFaults(profiled),
    ];
  },
});

function organizationFaults({ parsed: { subject } }: Profiled): readonly ProfileFault[] {
  const faults: ProfileFault[] = [];
  if (!has(subject, 'organization')) faults.push(lacks('organization', 'br-first'));
  if (!has(subject, 'country')) faults.push(lacks('country', 'br-first'));
  if (!has(subject, 'locality') && !has(subject, 'stateOrProvince'))
    faults.push(lacks('locality or stateOrProvince', 'br-first'));
  if (has(subject, 'givenName') || has(subject, 'surname'))
    faults.push({
      code: 'person-in-organization',
      message: 'an organization-validated certificate names a person',
      from: 'br-subject-presence',
    });
  return faults;
}

function individualFaults({ parsed: { subject } }: Profiled): readonly ProfileFault[] {
  const faults: ProfileFault[] = [];
  const isPerson = has(subject, 'givenName') && has(subject, 'surname');
  if (!isPerson && !has(subject, 'organization')) faults.push(lacks('givenName and surname', 'br-iv'));
  else if (!isPerson) faults.push(lacks('givenName and surname', 'br-profiles'));
  if (!has(subject, 'country')) faults.push(lacks('country', 'br-first'));
  if (!has(subject, 'locality') && !has(subject, 'stateOrProvince'))
    faults.push(lacks('locality or stateOrProvince', 'br-first'));
  return faults;
}

/** An address belongs to somebody, and somebody has a place. */
function placeFaults({ parsed: { subject } }: Profiled): readonly ProfileFault[] {
  const isNamed = has(subject, 'organization') || has(subject, 'givenName') || has(subject, 'surname');
  const from = 'br-subject-presence';
  if (!isNamed)
    return (['locality', 'stateOrProvince', 'street', 'postalCode'] as const)
      .filter((type) => has(subject, type))
      .map((type: AttributeName) => ({
        code: 'place-of-nobody',
        message: `${type} without an organization or a person`,
        from,
      }));
  if (!has(subject, 'country')) return [lacks('country', from)];
  return has(subject, 'locality') || has(subject, 'stateOrProvince')
    ? []
    : [lacks('locality or stateOrProvince', from)];
}

function lacks(what: string, from: string): ProfileFault {
  return { code: 'attribute-missing', message: `the subject has no ${what}`, from };
}
