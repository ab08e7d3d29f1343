import { isInForce, numberOf } from '../lib/policy-dates.js';

/** True for a short-lived certificate, which needs no pointers to its status (Baseline Requirements section 1.6.1). */
export function isShortLived(notBefore: Date | null, lifetimeSeconds: number): boolean {
  if (notBefore === null) return false;
  const rule = ['br-short-lived-7d', 'br-short-lived-10d'].find((id) => isInForce(id, notBefore));
  return rule !== undefined && lifetimeSeconds <= numberOf(rule);
}
