import { offeredSuites } from '../offers.js';
import type { EndpointRule } from '../rule.js';

/**
 * RFC 9325 section 4.1: suites with RSA key transport and static Diffie-Hellman should not be used, for whoever gets the key reads what
 * was recorded before. Told when a survey found no other: a server that keeps some for old clients is not flagged.
 */
export const noForwardSecrecy: EndpointRule = {
  kind: 'endpoint',
  id: 'no-forward-secrecy',
  title: 'Server offers no forward secrecy',
  severity: 'warning',
  citation: 'RFC 9325 section 4.1',
  remediation: 'Enable TLS 1.3, or suites whose names begin with TLS_ECDHE.',
  appliesTo: ({ observation }) =>
    (observation.survey?.versions ?? []).some(({ cipherSuites }) => cipherSuites.length > 0),
  check(input) {
    const suites = [...new Set(offeredSuites(input).map(({ suite }) => suite))];
    return suites.some(isForwardSecret) ? null : { details: { suites } };
  },
};

/** Ephemeral by name; the suites of TLS 1.3 name no key exchange, and are. */
function isForwardSecret(suite: string): boolean {
  return /^TLS_(EC)?DHE_/.test(suite) || (suite.startsWith('TLS_') && !suite.includes('_WITH_'));
}
