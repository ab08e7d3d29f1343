/** What is remembered of a judgement, so that it is repeated when it has to be and only then. */
export interface Judged {
  readonly kind: 'endpoint' | 'issuance';
  /** Key of the endpoint or of the issuance. */
  readonly key: string;
  /** When the answer may change although nothing but the time did; null: never. */
  readonly dueAt: Date | null;
  /** Of an endpoint: keys of the issuances it served; empty for an issuance. */
  readonly issuances: readonly string[];
}
