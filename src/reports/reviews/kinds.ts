import type { ReviewItem, ReviewKind } from '../../model/review.js';
import { caUsage } from '../ca-usage.js';
import { coverage } from '../coverage.js';
import { cryptography } from '../cryptography.js';
import { exceptions } from '../exceptions.js';
import { expiryForecast } from '../expiry-forecast.js';
import { inventory } from '../inventory.js';
import { certificates } from '../populations.js';
import type { Report, ReportInput, ReportTable, Row } from '../report.js';
import { unexplained } from '../unexplained.js';

/** What a review is made from beside the store. */
export interface ReviewInput extends ReportInput {
  readonly policy: Readonly<Record<string, unknown>>;
  /** Severity by rule. */
  readonly rules: Readonly<Record<string, string>>;
  /** What is scanned, followed and kept. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** An item that nobody has confirmed yet. */
export type NewItem = Pick<ReviewItem, 'id' | 'title' | 'detail'>;

/** What a review begins with: what to go through, and what the next one is compared with. */
export interface ReviewContent {
  readonly items: readonly NewItem[];
  readonly snapshot: Readonly<Record<string, string>>;
}

interface KindOfReview {
  readonly title: string;
  readonly everyDays: number;
  build(input: ReviewInput): Promise<ReviewContent>;
}

/** Every kind of review, how often it is due, and what it goes through. */
export const kindsOfReview: Readonly<Record<ReviewKind, KindOfReview>> = {
  inventory: { title: 'Inventory review', everyDays: 31, build: buildInventory },
  policy: { title: 'Policy review', everyDays: 92, build: buildPolicy },
  annual: { title: 'Annual policy review', everyDays: 366, build: buildAnnual },
  ciphers: {
    title: 'Review of cipher suites and protocols (PCI DSS 12.3.3)',
    everyDays: 366,
    build: buildCiphers,
  },
};

/** Owners and values beyond this many stand as one item. */
const mostItems = 1_000;

async function buildInventory(input: ReviewInput): Promise<ReviewContent> {
  const owners = new Map<string, number>();
  for await (const { owner } of certificates(input))
    owners.set(owner ?? '', (owners.get(owner ?? '') ?? 0) + 1);
  const sorted = [...owners].sort(([a], [b]) => (a < b ? -1 : 1));
  const figures = await figuresOf([inventory, unexplained, expiryForecast, exceptions, coverage], input);
  const issuers = await tallyOf(caUsage, 'issuers', 'issuer', 'certificates', input);
  return {
    items: [
      ...figures.map(({ report, label, text }) =>
        item(`${report}: ${label}`, `${text}; certglass report ${report}`),
      ),
      ...sorted
        .slice(0, mostItems)
        .map(([owner, count]) => item(owner === '' ? 'No owner' : `Owner ${owner}`, `${count} certificates`)),
    ],
    snapshot: {
      ...Object.fromEntries(figures.map(({ report, label, text }) => [`${report}: ${label}`, text])),
      ...Object.fromEntries(sorted.map(([owner, count]) => [`owner ${owner || 'none'}`, String(count)])),
      ...prefixed('issuer', issuers),
    },
  };
}

async function buildPolicy(input: ReviewInput): Promise<ReviewContent> {
  const settings = Object.entries(input.policy).map(([key, value]) => [key, JSON.stringify(value)] as const);
  const granted: NewItem[] = [];
  for await (const row of rowsOf(exceptions, 'exceptions', input))
    if (granted.length < mostItems)
      granted.push(
        item(
          `Exception ${textOf(row['id'])}`,
          `${textOf(row['title'])}; approved by ${textOf(row['approver'])}, until ${textOf(row['until']) || 'no date'}: ${textOf(row['reason'])}`,
        ),
      );
  return {
    items: [
      ...settings.map(([key, value]) => item(`policy.${key}`, clipped(value))),
      item('Rules', `${Object.keys(input.rules).length} rules with their severities; certglass rules`),
      ...granted,
    ],
    snapshot: {
      ...Object.fromEntries(settings.map(([key, value]) => [`policy.${key}`, clipped(value)])),
      ...prefixed('rule', input.rules),
    },
  };
}

async function buildAnnual(input: ReviewInput): Promise<ReviewContent> {
  const { items, snapshot } = await buildPolicy(input);
  const parts = Object.entries(input.configuration).map(
    ([key, value]) => [key, JSON.stringify(value)] as const,
  );
  return {
    items: [
      ...items,
      ...parts.map(([key, value]) => item(`Scope: ${key}`, clipped(value))),
      item('People', 'Tokens, users and their roles are still right; certglass token list'),
      item('Exercise', 'An incident was exercised within the year; certglass incident list'),
      item('Audit trail', 'certglass audit verify found no fault'),
    ],
    snapshot: {
      ...snapshot,
      ...Object.fromEntries(parts.map(([key, value]) => [`scope ${key}`, clipped(value)])),
    },
  };
}

/** PCI DSS 4.0.1, 12.3.3: an inventory of suites and protocols in use, with purpose and place; trends; a plan. */
async function buildCiphers(input: ReviewInput): Promise<ReviewContent> {
  const snapshot: Record<string, string> = {};
  for (const table of ['versions', 'suites', 'groups', 'keys', 'signatures'] as const)
    Object.assign(
      snapshot,
      prefixed(table.slice(0, -1), await tallyOf(cryptography, table, 'value', 'count', input)),
    );
  const seen = Object.entries(snapshot).slice(0, mostItems);
  return {
    items: [
      ...seen.map(([key, count]) => item(key, `in use ${count} times: purpose and place are documented`)),
      item('Trends', 'Industry trends on the viability of these suites and protocols were followed'),
      item('Plan', 'There is a documented plan for changes in cryptographic vulnerabilities'),
    ],
    snapshot,
  };
}

function item(title: string, detail: string): NewItem {
  const id = title
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 100);
  return { id, title: title.slice(0, 500), detail };
}

async function figuresOf(
  reports: readonly Report[],
  input: ReportInput,
): Promise<readonly { readonly report: string; readonly label: string; readonly text: string }[]> {
  const found: { report: string; label: string; text: string }[] = [];
  for (const report of reports)
    for (const { label, value, unit } of (await report.build(input)).figures)
      found.push({ report: report.id, label, text: value === null ? 'not known' : `${value} ${unit}` });
  return found;
}

async function* rowsOf(report: Report, table: string, input: ReportInput): AsyncGenerator<Row> {
  const { tables } = await report.build(input);
  const wanted: ReportTable | undefined = tables.find(({ id }) => id === table);
  if (wanted === undefined) throw new Error(`the report ${report.id} has no table ${table}`);
  yield* wanted.rows();
}

/** Values of one column by those of another. */
async function tallyOf(
  report: Report,
  table: string,
  key: string,
  value: string,
  input: ReportInput,
): Promise<Readonly<Record<string, string>>> {
  const tally: Record<string, string> = {};
  for await (const row of rowsOf(report, table, input)) tally[textOf(row[key])] = textOf(row[value]);
  return tally;
}

function prefixed(
  prefix: string,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix} ${key}`, value]));
}

function textOf(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date ? value.toISOString() : String(value);
}

function clipped(text: string): string {
  return text.length > 2_000 ? `${text.slice(0, 2_000)}...` : text;
}
