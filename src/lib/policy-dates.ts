import { z } from 'zod';
import { readConfigData } from './config-data.js';

const instant = z.iso.datetime().transform((text) => new Date(text));

const policyDate = z.strictObject({
  about: z.string().min(1),
  from: instant.nullable(),
  until: instant.nullable(),
  value: z.union([z.number(), z.array(z.string())]).nullable(),
  unit: z.enum(['days', 'hours', 'seconds', 'months', 'bits']).nullable(),
  clock: z.enum(['notBefore', 'issued', 'lifetime']).nullable(),
  source: z.string().min(1),
  weak: z.string().min(1).optional(),
});

/** Schema of config/policy-dates.json. */
export const policyDatesFile = z.strictObject({
  asOf: z.iso.date(),
  about: z.string(),
  dates: z.record(z.string().regex(/^[a-z0-9.-]+$/), policyDate),
});

/**
 * One dated rule of a standard or root programme. `from` null: in force for long; `until` is exclusive, null: no end is known.
 * `clock` is what the instants are compared with, `weak` why the evidence is weak.
 */
export type PolicyDate = z.output<typeof policyDate>;

const { asOf, dates } = readConfigData('policy-dates.json', policyDatesFile);

/** ISO day for which the dates were collected. */
export const policyDatesAsOf = asOf;

/** Every dated rule, by id. */
export const policyDates: ReadonlyMap<string, PolicyDate> = new Map(Object.entries(dates));

/** The dated rule of this id. Throws for an id that the file does not hold: a programming error. */
export function datedRule(id: string): PolicyDate {
  const found = policyDates.get(id);
  if (found === undefined) throw new Error(`config/policy-dates.json has no entry ${id}.`);
  return found;
}

/** The instant from which a dated rule is in force. Throws for an id without one. */
export function inForceFrom(id: string): Date {
  const { from } = datedRule(id);
  if (from === null) throw new Error(`config/policy-dates.json: ${id} has no instant "from".`);
  return from;
}

/** The number a dated rule sets, in its own unit. Throws for an id without one. */
export function numberOf(id: string): number {
  const { value } = datedRule(id);
  if (typeof value !== 'number') throw new Error(`config/policy-dates.json: ${id} has no number.`);
  return value;
}

/** True when the rule is in force at the instant: from its start, before its end. */
export function isInForce(id: string, at: Date): boolean {
  const { from, until } = datedRule(id);
  return (from === null || from <= at) && (until === null || at < until);
}
