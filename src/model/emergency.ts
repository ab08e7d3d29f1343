import { z } from 'zod';
import type { ReportScope } from './reporting.js';

/** What can go wrong with many certificates at once. */
export const incidentKinds = ['key', 'issuer', 'intermediate', 'ca', 'log'] as const;

/** One of {@link incidentKinds}. */
export type IncidentKind = (typeof incidentKinds)[number];

const when = z.coerce.date();

/** How many certificates and endpoints an incident is about, and how far their replacement is. */
export const incidentProgress = z.object({
  certificates: z.number(),
  /** Certificates by state. */
  serving: z.number(),
  reissued: z.number(),
  replaced: z.number(),
  notServed: z.number(),
  expired: z.number(),
  /** Endpoints that serve an affected certificate. */
  endpointsServing: z.number(),
  /** Endpoints that served one, and serve another one since the incident was opened. */
  endpointsReplaced: z.number(),
});

/** See {@link incidentProgress}. */
export type IncidentProgress = z.infer<typeof incidentProgress>;

/** An incident, or the exercise of one, as it is kept in the store. */
export const incidentRecord = z.object({
  id: z.string(),
  kind: z.enum(incidentKinds),
  value: z.string(),
  note: z.string(),
  drill: z.boolean(),
  openedAt: when,
  openedBy: z.string(),
  closedAt: when.nullable(),
  closedBy: z.string().nullable(),
  closingNote: z.string(),
  atOpening: incidentProgress,
  atClosing: incidentProgress.nullable(),
});

/** See {@link incidentRecord}. */
export type IncidentRecord = z.infer<typeof incidentRecord>;

/** What an incident is opened with. */
export type NewIncident = Pick<IncidentRecord, 'kind' | 'value' | 'note' | 'drill'>;

/** Incidents: kept on record, their progress read from what is served and logged now. */
export interface Incidents {
  open(incident: NewIncident, actor: string): Promise<IncidentRecord>;
  /** Latest first. */
  list(): Promise<readonly IncidentRecord[]>;
  get(id: string): Promise<{ readonly record: IncidentRecord; readonly progress: IncidentProgress } | null>;
  /** null: there is none; a sentence: it is closed already. */
  close(id: string, note: string, actor: string): Promise<IncidentRecord | string | null>;
  report(
    id: string,
    scope: ReportScope,
    format: 'html' | 'json' | 'csv',
    table: string | null,
  ): Promise<AsyncIterable<string> | null>;
}
