import type { OcspVerdict } from '../x509/revocation/ocsp.js';
import { checkOcsp } from '../x509/revocation/ocsp.js';
import type { CheckInput } from './rule.js';

/** True when the endpoint stapled an OCSP response to its usual certificate, and the issuer came along to check it by. */
export function hasStaple(input: CheckInput): boolean {
  return staple(input) !== null && issuersOf(input).length > 0;
}

/**
 * What the stapled OCSP response says, at the instant it was seen: responses go out of date, revocations do not. Null where
 * {@link hasStaple} is false.
 */
export function stapledVerdict(input: CheckInput): OcspVerdict | null {
  const response = staple(input);
  if (response === null || input.observation === null) return null;
  const { observedAt } = input.observation;
  const verdicts = issuersOf(input).map((issuer) =>
    checkOcsp(response, input.certificate, issuer, observedAt),
  );
  return verdicts.find(({ status }) => status !== 'unusable') ?? verdicts[0] ?? null;
}

function staple({ source, asked, observation }: CheckInput): Uint8Array | null {
  return source === 'served' && asked === undefined ? (observation?.tls?.ocspResponse ?? null) : null;
}

function issuersOf({ certificate, chain }: CheckInput): CheckInput['chain'] {
  return chain.filter(
    ({ subjectSha256 }) => subjectSha256 !== null && subjectSha256 === certificate.issuerSha256,
  );
}
