import type { Policy } from '../../model/policy.js';
import type { renewals } from '../../model/queries/renewals.js';
import type { ParametersOf, RowOf } from '../../model/query.js';

/** One row of the query. */
export type Renewal = RowOf<typeof renewals>;

const hourMs = 3_600_000;

/** What the query is asked with. */
export function renewalParameters(policy: Policy, now: Date): ParametersOf<typeof renewals> {
  return {
    now,
    goneAfterMisses: policy.goneAfterMisses,
    goneAfterMs: policy.goneAfterMinutes * 60_000,
    approvedIssuers: policy.approvedIssuers.flatMap(({ name }) => name?.toLowerCase() ?? []),
  };
}

/** Whole hours from one instant to another, rounded down. */
export function hoursBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / hourMs);
}

/** ACME clients renew after two thirds of the lifetime (certbot 4.0). */
export function renewalPoint({ notBefore, notAfter }: Pick<Renewal, 'notBefore' | 'notAfter'>): Date {
  return new Date(notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3);
}

/** `5 hours` below two days, `12 days` from there on. */
export function spanText(hours: number): string {
  const [amount, unit] = hours < 48 ? [hours, 'hour'] : [Math.floor(hours / 24), 'day'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
