import { z } from 'zod';
import { readConfigData } from './config-data.js';
import { lazily } from './memoize.js';

/** Programmes that decide which CAs are trusted by their users' software. */
export const programmeIds = ['mozilla', 'chrome', 'apple', 'microsoft', 'android', 'java'] as const;

/** One of {@link programmeIds}. */
export type ProgrammeId = (typeof programmeIds)[number];

const programmeId = z.enum(programmeIds);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime().transform((text) => new Date(text));

/** Schema of config/root-programmes.json. */
export const programmesFile = z.strictObject({
  about: z.string(),
  programmes: z.array(
    z.strictObject({
      id: programmeId,
      name: z.string().min(1),
      date: z.iso.date(),
      source: z.string().min(8),
      gap: z.string().optional(),
    }),
  ),
  roots: z.record(sha256, z.strictObject({ name: z.string().min(1), in: z.array(programmeId).min(1) })),
});

/** Schema of config/distrust.json. */
export const distrustFile = z.strictObject({
  asOf: z.iso.date(),
  about: z.string(),
  entries: z.array(
    z.strictObject({
      programme: programmeId,
      sha256,
      name: z.string().min(1),
      clock: z.enum(['sct', 'notBefore']),
      after: instant,
      source: z.string().min(8),
      appliesFrom: z.string().optional(),
      weak: z.string().optional(),
    }),
  ),
});

/** A root programme as its data were collected: name, ISO day, source, and what is not known. */
export type Programme = z.output<typeof programmesFile>['programmes'][number];

/**
 * A root that a programme stops trusting for TLS servers: certificates are affected when the instant named by `clock` is later than
 * `after`.
 */
export type Distrust = z.output<typeof distrustFile>['entries'][number];

/** Read when first asked for: most commands judge no root. */
const data = lazily(() => {
  const { programmes: known, roots } = readConfigData('root-programmes.json', programmesFile);
  const { asOf, entries } = readConfigData('distrust.json', distrustFile);
  const distrusts = new Map<string, Distrust[]>();
  for (const entry of entries) distrusts.set(entry.sha256, [...(distrusts.get(entry.sha256) ?? []), entry]);
  const byName = new Map<string, ProgrammeId[]>();
  for (const { name, in: ids } of Object.values(roots))
    byName.set(name, [...(byName.get(name) ?? []), ...ids]);
  return { programmes: known, roots, asOf, distrusts, byName };
});

/** The six programmes, with the day of their data. */
export function programmes(): readonly Programme[] {
  return data().programmes;
}

/** ISO day for which the dates of distrust were collected. */
export function distrustAsOf(): string {
  return data().asOf;
}

/** Programmes that include the root (SHA-256 of its certificate) for TLS servers; null when none of them ever heard of it. */
export function programmesOf(rootSha256: string): readonly ProgrammeId[] | null {
  const { roots, distrusts } = data();
  return roots[rootSha256]?.in ?? (distrusts.has(rootSha256) ? [] : null);
}

/** Programmes that include some root of this Common Name: cross-certificates lead to it. */
export function programmesWithRootNamed(commonName: string): readonly ProgrammeId[] {
  return data().byName.get(commonName) ?? [];
}

/** What programmes stop trusting of a root, each with its clock and instant; empty when nothing. */
export function distrustsOf(rootSha256: string): readonly Distrust[] {
  return data().distrusts.get(rootSha256) ?? [];
}
