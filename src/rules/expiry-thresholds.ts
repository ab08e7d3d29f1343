import type { Policy } from '../model/policy.js';
import type { CheckInput } from './rule.js';
import { lineFor } from './scope.js';

/** When `expiring` warns: as the first override says that is about the host and the issuer, completed by the general thresholds. */
export function thresholds({ policy, host, observation, certificate }: CheckInput): Policy['expiring'] {
  const { expiring: general } = policy;
  if (general.overrides.length === 0) return general;
  const target = observation?.target;
  const place = { host: target?.host ?? host, address: target?.address ?? null, issuer: certificate.issuer };
  return { ...general, ...lineFor(general.overrides, place, policy) } as Policy['expiring'];
}
