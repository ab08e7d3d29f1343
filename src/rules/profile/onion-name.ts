import { has, reservedPolicies } from '../attributes.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements appendix B: onion names are of version 3 (56 characters); before, they needed extended validation. */
export const onionName = profileRule({
  id: 'onion-name',
  title: 'Onion name breaks the rules for Tor',
  severity: 'error',
  citation: 'Baseline Requirements appendix B; RFC 7686',
  remediation: 'Have it issued again for the version 3 address of the onion service.',
  scope: 'public',
  roles: ['leaf'],
  faults({ names, policies, parsed: { subject } }) {
    const isExtended = policies.includes(reservedPolicies.extended) || has(subject, 'businessCategory');
    return names.flatMap((name) => {
      const label = name.kind === 'dns' ? /(?:^|\.)([^.]+)\.onion$/i.exec(name.text)?.[1] : undefined;
      return label === undefined ? [] : labelFaults(label.toLowerCase(), isExtended);
    });
  },
});

function labelFaults(label: string, isExtended: boolean): readonly ProfileFault[] {
  const shown = `${label.slice(0, 64)}.onion`;
  if (/^[a-z2-7]{55}d$/.test(label)) return [];
  if (!/^[a-z2-7]{16}$/.test(label))
    return [{ code: 'onion-malformed', message: `${shown} is no onion name`, from: 'br-first' }];
  if (!isExtended) return [{ code: 'onion-not-extended', message: `${shown} without extended validation` }];
  return [{ code: 'onion-version-2', message: `${shown} is of version 2`, from: 'br-onion-v3' }];
}
