/**
 * One entry of the outbox: changes of findings that were decided on for one channel. `pending` is sent as soon as it is due, `sent` was accepted,
 * `failed` was given up; `held` waits for a digest, the end of quiet hours, an escalation or a reminder, and is then decided again;
 * `skipped` is not sent: the channel does not want it.
 */
export interface Delivery {
  /** Stable: derived from the channel and the (finding id, revision) pairs; the receiver's idempotency key. */
  readonly id: string;
  readonly channel: string;
  /** What it is about: pairs of finding id and revision; revision 0 stands for an event of the inventory, with its id. Empty: a test or a summary. */
  readonly items: readonly { readonly findingId: string; readonly revision: number }[];
  readonly state: 'pending' | 'sent' | 'failed' | 'held' | 'skipped';
  readonly attempts: number;
  readonly createdAt: Date;
  /** When it is sent, or decided again; null when it is over. */
  readonly nextAttemptAt: Date | null;
  readonly sentAt: Date | null;
  /** What the receiver answered last; why it is held or skipped. */
  readonly lastDetail: string | null;
}

/** A message as it is sent, stored before that. */
export interface StoredMessage {
  readonly id: string;
  readonly channel: string;
  readonly thread: string;
  readonly createdAt: Date;
  /** JSON. */
  readonly body: string;
}
