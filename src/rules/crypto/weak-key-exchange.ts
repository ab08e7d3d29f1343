import type { EndpointInput, EndpointRule } from '../rule.js';

const leastDhBits = 2048;

/** Curves below 224 bits, by the names a survey gives them. */
const smallCurve = /^(sect|secp)1\d\d|^P-192$/;

/** RFC 9325 section 4.5: groups for ephemeral Diffie-Hellman of at least 2048 bits, no curves of less than 224 bits. */
export const weakKeyExchange: EndpointRule = {
  kind: 'endpoint',
  id: 'weak-key-exchange',
  title: 'Server exchanges keys in a group that is too small',
  severity: 'error',
  citation: 'RFC 9325 section 4.5; CVE-2015-4000 (Logjam)',
  remediation: 'Use X25519, P-256 or a Diffie-Hellman group of RFC 7919 (ffdhe2048 or larger).',
  appliesTo: (input) => groupsOf(input).length > 0 || dhBitsOf(input) !== null,
  check(input) {
    const dhBits = dhBitsOf(input);
    const curves = groupsOf(input).filter((name) => smallCurve.test(name));
    const isSmall = dhBits !== null && dhBits < leastDhBits;
    return isSmall || curves.length > 0 ? { details: { dhBits, leastDhBits, curves } } : null;
  },
};

function groupsOf({ observation }: EndpointInput): readonly string[] {
  return observation.survey?.groups ?? [];
}

function dhBitsOf({ observation }: EndpointInput): number | null {
  return observation.survey?.dhBits ?? null;
}
