/** Something that people keep on record, in the store; the body is JSON. */
export interface KeptRecord {
  readonly kind: 'incident' | 'review';
  readonly id: string;
  readonly changedAt: Date;
  readonly body: unknown;
}
