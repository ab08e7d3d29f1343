import { addressText, looseAddressText } from '../../x509/path/ip-address.js';
import { attributesOf } from '../attributes.js';
import { profileRule } from '../profile-rule.js';

/** Baseline Requirements section 7.1.4.3: a Common Name repeats one of the alternative names, character for character. */
export const commonNameNotInSan = profileRule({
  id: 'common-name-not-in-san',
  title: 'Common Name is not among the alternative names',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.4.3',
  remediation: 'Have it issued again with the name in subjectAltName as well, or without Common Name.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed: { subject }, names }) {
    const listed = new Set(
      names.flatMap((name) =>
        name.kind === 'dns'
          ? [name.text.toLowerCase()]
          : name.kind === 'ip'
            ? [addressText(name.octets)]
            : [],
      ),
    );
    return attributesOf(subject, 'commonName')
      .map(({ text }) => (text ?? '').toLowerCase())
      .filter((text) => !listed.has(text) && !listed.has(looseAddressText(text) ?? text))
      .map((text) => ({
        code: 'common-name-not-in-san',
        message: `the Common Name is "${text.slice(0, 100)}"`,
        from: 'br-first',
      }));
  },
});
