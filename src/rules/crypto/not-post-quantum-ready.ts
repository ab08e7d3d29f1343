import { isPostQuantumGroup } from '../../lib/tls-recommendations.js';
import type { EndpointRule } from '../rule.js';

/**
 * NIST IR 8547 plans the end of key exchange that a quantum computer breaks; what is recorded today can be read then. Clients have offered
 * X25519MLKEM768 since 2024. Asked of endpoints whose groups a survey listed.
 */
export const notPostQuantumReady: EndpointRule = {
  kind: 'endpoint',
  id: 'not-post-quantum-ready',
  title: 'Key exchange is not post-quantum ready',
  severity: 'notice',
  citation: 'NIST IR 8547; NIST FIPS 203',
  remediation: 'Update the TLS library and enable X25519MLKEM768 beside X25519.',
  appliesTo: ({ observation }) => (observation.survey?.groups ?? []).length > 0,
  check({ observation }) {
    const groups = observation.survey?.groups ?? [];
    const versions = (observation.survey?.versions ?? []).map(({ version }) => version);
    if (groups.some(isPostQuantumGroup)) return null;
    // The same for many endpoints until the TLS library is updated: one cause, not one for each.
    return { details: { groups, versions }, cause: { kind: 'rule', key: 'not-post-quantum-ready' } };
  },
};
