/** One entry of the outbox: findings in certain states that one channel is to be told of. Stored before it is sent. */
export interface Delivery {
  /** Stable: derived from the channel and the (finding id, revision) pairs; the receiver's idempotency key. */
  readonly id: string;
  readonly channel: string;
  /** What is told: pairs of finding id and revision. */
  readonly items: readonly { readonly findingId: string; readonly revision: number }[];
  readonly state: 'pending' | 'sent' | 'failed';
  readonly attempts: number;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly sentAt: Date | null;
  readonly lastDetail: string | null;
}
