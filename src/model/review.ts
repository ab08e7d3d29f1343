import { z } from 'zod';

/** What is reviewed, and how often at least. */
export const reviewKinds = ['inventory', 'policy', 'annual', 'ciphers'] as const;

/** One of {@link reviewKinds}. */
export type ReviewKind = (typeof reviewKinds)[number];

const when = z.coerce.date();

/** One thing to look at, and who confirmed it when. */
export const reviewItem = z.object({
  id: z.string(),
  title: z.string(),
  detail: z.string(),
  confirmedAt: when.nullable(),
  confirmedBy: z.string().nullable(),
  note: z.string(),
});

/** See {@link reviewItem}. */
export type ReviewItem = z.infer<typeof reviewItem>;

/** A review as it is kept in the store. */
export const reviewRecord = z.object({
  id: z.string(),
  kind: z.enum(reviewKinds),
  from: when,
  to: when,
  startedAt: when,
  startedBy: z.string(),
  closedAt: when.nullable(),
  closedBy: z.string().nullable(),
  closingNote: z.string(),
  /** The closed review of this kind that it is compared with; null: it is the first. */
  previous: z.string().nullable(),
  /** What changed since, a line each. */
  differences: z.array(z.string()),
  items: z.array(reviewItem),
  /** What the next one is compared with. */
  snapshot: z.record(z.string(), z.string()),
});

/** See {@link reviewRecord}. */
export type ReviewRecord = z.infer<typeof reviewRecord>;

/** When a kind of review is due. */
export interface ReviewDue {
  readonly kind: ReviewKind;
  readonly title: string;
  readonly everyDays: number;
  /** End of the last one that was closed; null: there was none. */
  readonly lastClosedAt: Date | null;
  /** null: at once. */
  readonly dueAt: Date | null;
  readonly open: string | null;
}

/** Reviews: a list to go through, kept on record. What cannot be done is answered in one sentence. */
export interface Reviews {
  /** Latest first. */
  list(): Promise<readonly ReviewRecord[]>;
  due(): Promise<readonly ReviewDue[]>;
  get(id: string): Promise<ReviewRecord | null>;
  start(kind: ReviewKind, actor: string): Promise<ReviewRecord | string>;
  /** Confirms these items, null: all that are left. */
  confirm(
    id: string,
    items: readonly string[] | null,
    note: string,
    actor: string,
  ): Promise<ReviewRecord | string | null>;
  /** Also the SHA-256 of the closed review, which goes into the audit trail. */
  close(
    id: string,
    note: string,
    actor: string,
  ): Promise<{ readonly review: ReviewRecord; readonly sha256: string } | string | null>;
}
