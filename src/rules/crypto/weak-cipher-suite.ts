import { severities, type Severity } from '../../model/severity.js';
import { offeredSuites } from '../offers.js';
import type { EndpointRule } from '../rule.js';

/** A family of suites that should be switched off; the first that fits a suite counts. */
interface Family {
  readonly family: string;
  readonly name: RegExp;
  readonly severity: Severity;
  readonly source: string;
}

const families: readonly Family[] = [
  {
    family: 'no encryption',
    name: /_WITH_NULL_|^TLS_SHA(256|384)_/,
    severity: 'error',
    source: 'RFC 9325 section 4.1',
  },
  {
    family: 'anonymous: the server is not authenticated',
    name: /_anon_/,
    severity: 'error',
    source: 'RFC 5246 appendix F.1.1.1',
  },
  {
    family: 'export grade (FREAK, Logjam)',
    name: /EXPORT/,
    severity: 'error',
    source: 'RFC 9325 section 4.1; CVE-2015-0204, CVE-2015-4000',
  },
  { family: 'RC4', name: /_RC4_/, severity: 'error', source: 'RFC 7465 section 2' },
  { family: 'DES', name: /_DES_(CBC|64)/, severity: 'error', source: 'RFC 9325 section 4.1; RFC 5469' },
  {
    family: '64-bit blocks (Sweet32)',
    name: /_(3DES|DES_192_EDE3|IDEA|RC2)/,
    severity: 'warning',
    source: 'RFC 9325 section 4.1; CVE-2016-2183',
  },
];

/**
 * RFC 9325 section 4.1: no suite without encryption, none with RC4 (RFC 7465), none with less than 112 bits of security; those with
 * less than 128 bits should not be used either.
 */
export const weakCipherSuite: EndpointRule = {
  kind: 'endpoint',
  id: 'weak-cipher-suite',
  title: 'Server accepts broken cipher suites',
  severity: 'error',
  citation: 'RFC 9325 section 4.1; RFC 7465 section 2',
  remediation: 'Accept suites with AES-GCM or ChaCha20-Poly1305 and ephemeral keys only.',
  appliesTo: (input) => offeredSuites(input).length > 0,
  check(input) {
    const suites = offeredSuites(input);
    const found = families.flatMap(({ family, severity, source, name }) => {
      const members = suites.filter(
        ({ suite }) => families.find((one) => one.name.test(suite))?.name === name,
      );
      if (members.length === 0) return [];
      const versions = [...new Set(members.map(({ version }) => version))];
      return [
        { family, severity, source, versions, suites: [...new Set(members.map(({ suite }) => suite))] },
      ];
    });
    const severity = severities.findLast((grade) => found.some((one) => one.severity === grade));
    return severity === undefined ? null : { details: { families: found }, severity };
  },
};
