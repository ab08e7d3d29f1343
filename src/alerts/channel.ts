import type { Delivery } from '../model/delivery.js';
import type { Finding } from '../model/finding.js';

/** What a receiver said. `retryAfterMs` is honoured when given; `permanent` stops further tries. */
export interface SendResult {
  readonly ok: boolean;
  readonly permanent: boolean;
  /** True with `ok` when only some recipients took it: sent again it would reach those twice, so it is told of instead. */
  readonly partial?: boolean;
  readonly retryAfterMs: number | null;
  /** Status or error in words; secrets and hostile text removed. */
  readonly detail: string;
}

/** A way of telling people. One message may carry many findings (a digest). */
export interface Channel {
  /** Name of the configured instance, for example `email` or `webhook:oncall`. */
  readonly name: string;
  /** Least time between the starts of two messages; what changes meanwhile goes into the next one. */
  readonly groupIntervalMs: number;
  /** True when this channel is to be told of the finding in its present state. Pure. */
  wants(finding: Finding): boolean;
  /** Sends one message. Never throws: a failure is a result. `delivery.id` stays the same over all tries. */
  send(delivery: Delivery, findings: readonly Finding[], signal: AbortSignal): Promise<SendResult>;
  close(): Promise<void>;
}
