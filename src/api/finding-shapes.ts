import { z } from 'zod';
import { findingChanges, findingStates, resolutions, subjectKinds } from '../model/finding.js';
import { severities } from '../model/severity.js';
import {
  anyOf,
  filterText,
  hostFilter,
  instant,
  list,
  moment,
  severity,
  sha256,
  textList,
} from './shapes.js';

const subjectKind = z.string().describe(`One of ${subjectKinds.join(', ')}, or a kind a rule brought along.`);

const evidence = z
  .object({
    label: z.string(),
    value: z.string(),
    expected: z
      .string()
      .nullable()
      .describe('What it should have been; null when there is no single right value.'),
    source: z.string(),
    at: instant.nullable(),
  })
  .meta({ id: 'Evidence' });

/** A finding. */
export const finding = z
  .object({
    id: z.string(),
    rule: z.string(),
    severity,
    title: z.string(),
    subject: z.object({ kind: subjectKind, key: z.string() }),
    details: z.record(z.string(), z.unknown()).readonly(),
    evidence: z.array(evidence).readonly(),
    cause: z.string().describe('The same for findings that belong together.'),
    host: z.string().nullable(),
    certificateSha256: z.string().nullable(),
    dueAt: instant.nullable().describe('When it hurts, for example notAfter.'),
    owner: z.string().nullable(),
    environment: z.string().nullable(),
    tags: z.array(z.string()).readonly(),
    state: z.enum(findingStates),
    revision: z.number().int(),
    change: z.enum(findingChanges).describe('What this revision changed.'),
    until: instant.nullable().describe('End of a silence or an acceptance.'),
    resolution: z.enum(resolutions).nullable().describe('Why it was resolved; null unless it is.'),
    firstSeenAt: instant,
    openedAt: instant,
    lastSeenAt: instant,
    resolvedAt: instant.nullable(),
    assignee: z.string().nullable(),
    ticket: z.string().nullable(),
    changedBy: z.string(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Finding' });

/** Findings that belong together. */
export const findingGroup = z
  .object({
    key: z.string().describe('The cause, or the host (empty: findings without one).'),
    count: z.number().int(),
    severity,
    states: list(z.enum(findingStates)),
    dueAt: instant.nullable().describe('The first date at which one of them hurts.'),
    openedAt: instant.describe('When the first of them was opened.'),
    rules: list(z.string()),
    hosts: list(z.string()).describe('At most 20.'),
    hostCount: z.number().int(),
    owners: list(z.string()),
    environments: list(z.string()),
    assignees: list(z.string()),
    finding: finding.describe('The worst of them.'),
  })
  .meta({ id: 'FindingGroup' });

/** Filters of findings, as parameters of a query. */
export const findingFilters = {
  ...hostFilter,
  id: filterText.optional(),
  state: anyOf(findingStates).optional(),
  severity: anyOf(severities).optional(),
  rule: textList.optional().describe('Any of these rules, separated by commas.'),
  certificateSha256: sha256.optional(),
  subjectKind: textList.optional().describe('About any of these kinds of subject, separated by commas.'),
  subjectKey: filterText.optional(),
  cause: filterText.optional(),
  owner: textList.optional().describe('Any of these owners, separated by commas; an empty one: without.'),
  environment: textList.optional().describe('Any of these, separated by commas; an empty one: without.'),
  assignee: textList.optional().describe('Any of these, separated by commas; an empty one: without.'),
  tag: textList.optional().describe('With any of these tags, separated by commas.'),
  dueBefore: moment.optional(),
  dueAfter: moment.optional(),
  q: filterText
    .optional()
    .describe('Part of the title, host, subject or details, or the whole of a rule, an id or a hash.'),
};

/** Those filters, read. */
export type FindingFilters = z.output<z.ZodObject<typeof findingFilters>>;

/** What the store calls those filters. */
export function storeFilter({
  state,
  severity: severityWords,
  rule,
  owner,
  environment,
  assignee,
  tag,
  subjectKind: kinds,
  ...same
}: FindingFilters) {
  return {
    ...same,
    states: state,
    severities: severityWords,
    rules: rule,
    owners: owner,
    environments: environment,
    assignees: assignee,
    tags: tag,
    subjectKinds: kinds,
  };
}

/** Ids of findings. */
export const findingId = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits');
