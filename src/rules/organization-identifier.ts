import { attributesOf } from './attributes.js';
import type { ProfileFault, Profiled } from './profile-rule.js';

const organizationIdExtension = '2.23.140.3.1';
/** organizationIdentifier: scheme, country, optional state after a plus sign, number. */
const identifier = /^(NTR|VAT|PSD|LEI|GOV|INT)([A-Z]{2})(\+[A-Z0-9]{1,3})?-.+$/;

/** What is wrong with the organization identifier of a subject (EV Guidelines sections 9.2.8 and 9.8.2). */
export function identifierFaults({ parsed }: Profiled): readonly ProfileFault[] {
  const [attribute] = attributesOf(parsed.subject, 'organizationIdentifier');
  const hasExtension = parsed.present.has(organizationIdExtension);
  if (attribute === undefined)
    return hasExtension
      ? [
          {
            code: 'identifier-missing',
            message: 'an organization identifier extension without the attribute',
          },
        ]
      : [];
  const text = attribute.text ?? '';
  const [, scheme, , state] = identifier.exec(text) ?? [];
  if (scheme === undefined)
    return [{ code: 'identifier-scheme', message: `the organization identifier "${text.slice(0, 60)}"` }];
  return (scheme === 'PSD' || scheme === 'VAT') && state !== undefined
    ? [{ code: 'identifier-state', message: `a state in an identifier of the scheme ${scheme}` }]
    : [];
}
