import { domainToASCII, domainToUnicode } from 'node:url';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/**
 * Baseline Requirements section 7.1.2.7.12: names of the DNS in the preferred name syntax, a wildcard only as the whole left-most label,
 * labels with "--" in their third and fourth place only as valid A-labels (RFC 5890 section 2.3.2.1).
 */
export const dnsLabelForm = profileRule({
  id: 'dns-label-form',
  title: 'Certificate holds a malformed DNS name',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.12; RFC 5280 section 4.2.1.6; RFC 5890 section 2.3.2.1',
  remediation: 'Have it issued again without the name: no client can match it.',
  scope: 'all',
  roles: ['leaf'],
  faults: ({ names }) =>
    names.flatMap((name) => (name.kind === 'dns' ? (nameFault(name.text) ?? []) : [])).slice(0, 20),
});

function nameFault(name: string): ProfileFault | null {
  const shown = JSON.stringify(name.slice(0, 100));
  if (name.length > 253) return { code: 'name-too-long', message: `${name.length} characters: ${shown}` };
  const labels = name.split('.');
  const [first = '', ...rest] = labels;
  if (rest.some((label) => label.includes('*')) || (first.includes('*') && first !== '*'))
    return { code: 'wildcard-misplaced', message: `a wildcard that is not the whole first label: ${shown}` };
  for (const label of first === '*' ? rest : labels) {
    const fault = labelFault(label, shown);
    if (fault !== null) return fault;
  }
  return null;
}

function labelFault(label: string, shown: string): ProfileFault | null {
  if (label === '') return { code: 'label-empty', message: `an empty label in ${shown}` };
  if (label.length > 63) return { code: 'label-too-long', message: `a label of ${label.length} characters` };
  if (label.includes('_'))
    return { code: 'label-underscore', message: `an underscore in ${shown}`, from: 'br-underscore' };
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(label))
    return { code: 'label-character', message: `a character that no host name has, in ${shown}` };
  if (label.slice(2, 4) !== '--') return null;
  if (!/^xn--/i.test(label))
    return { code: 'label-reserved', message: `a reserved label in ${shown}`, from: 'br-reserved-labels' };
  return isALabel(label.toLowerCase())
    ? null
    : { code: 'label-not-idna', message: `an invalid A-label in ${shown}`, from: 'br-reserved-labels' };
}

/** True when the label decodes to normalised Unicode (NFC) and encodes to itself again. */
function isALabel(label: string): boolean {
  const unicode = domainToUnicode(`${label}.example`).replace(/\.example$/, '');
  return unicode !== '' && unicode.normalize('NFC') === unicode && domainToASCII(unicode) === label;
}
