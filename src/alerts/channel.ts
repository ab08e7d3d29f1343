import type { Logger } from 'pino';
import type { z } from 'zod';
import type { CertglassEvent } from '../model/event.js';
import type { Severity } from '../model/severity.js';

/** Why a finding is in a message. */
export type AlertChange =
  'opened' | 'reopened' | 'worsened' | 'updated' | 'acknowledged' | 'reminder' | 'escalated' | 'resolved';

/**
 * One finding as people receive it. Texts come from certificates and servers and are hostile: each channel escapes them for
 * its own medium. Every text is cut to a sensible length already. Times are ISO 8601 in UTC.
 */
export interface Alert {
  /** Id of the finding, and which of its revisions this is. */
  readonly id: string;
  readonly revision: number;
  readonly change: AlertChange;
  readonly rule: string;
  /** Folder of the rule, for example `time`; null when the rule is not known any more. */
  readonly theme: string | null;
  readonly severity: Severity;
  readonly state: string;
  /** Why it was resolved, for example `fixed`; null unless it is. */
  readonly resolution: string | null;
  readonly title: string;
  readonly subject: { readonly kind: string; readonly key: string };
  /** What it is about in words, for example `www.example.com:443`. */
  readonly place: string;
  readonly host: string | null;
  /** The endpoint; null when the finding is about something else. */
  readonly target: {
    readonly host: string;
    readonly address: string | null;
    readonly port: number;
    readonly serverName: string | null;
    readonly starttls: string | null;
  } | null;
  /** Findings with the same cause belong together. */
  readonly cause: string;
  readonly firstSeenAt: string;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  /** When it hurts, for example notAfter; null when no date is known. */
  readonly dueAt: string | null;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly assignee: string | null;
  readonly ticket: string | null;
  /** What to do about it; empty when the rule is not known any more. */
  readonly remediation: string;
  readonly citation: string;
  readonly evidence: readonly {
    readonly label: string;
    readonly value: string;
    readonly expected: string | null;
    readonly source: string;
  }[];
  /** The values compared, at most 20. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What changed since the last message on this channel, one short sentence each; empty for the first. */
  readonly since: readonly string[];
  readonly certificateSha256: string | null;
  /** null when there is none, or it is not stored. */
  readonly certificate: CertificateFacts | null;
  /** What a person said last; null when nothing. */
  readonly note: { readonly by: string; readonly text: string } | null;
  /** Page of the finding in the console; null when `alerts.consoleUrl` is not set. */
  readonly link: string | null;
}

/** The certificate an alert is about. */
export interface CertificateFacts {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hex without leading zeros. */
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** At most 20. */
  readonly dnsNames: readonly string[];
}

/** How Certglass itself is doing, for heartbeats and "all is well". */
export interface WellState {
  readonly version: string;
  readonly endpoints: number;
  readonly certificates: number;
  readonly logs: number;
  /** Furthest that any followed log is behind, seconds; null when none is followed. */
  readonly lagSeconds: number | null;
  readonly open: Readonly<Record<Severity, number>>;
}

/** What one message says. The same for every try: it is stored before it is sent. */
export interface Message {
  /** Id of the delivery: the receiver's idempotency key. */
  readonly id: string;
  readonly kind: 'alert' | 'digest' | 'events' | 'heartbeat' | 'well' | 'test';
  readonly createdAt: string;
  /** Worst first, open before resolved. At most 200, except for streams. */
  readonly alerts: readonly Alert[];
  /** Of all findings of the message, in `alerts` or not. */
  readonly total: number;
  readonly resolved: number;
  /** Not resolved, by severity; worst first, zeros left out. */
  readonly open: readonly { readonly severity: Severity; readonly count: number }[];
  /** Findings that are not in `alerts`, by rule; most first. */
  readonly omittedByRule: readonly { readonly rule: string; readonly count: number }[];
  /** Page that lists everything in the message; null when `alerts.consoleUrl` is not set. */
  readonly link: string | null;
  /** Messages with one key belong together: a mail thread, an incident, a ticket. */
  readonly thread: string;
  /** Ids of the last messages that this channel got about the same findings, latest first, at most 10; empty for the first. */
  readonly replyTo: readonly string[];
  /** What an incident or ticket channel does with `thread`. */
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  /** Only for heartbeats and "all is well". */
  readonly well: WellState | null;
  /** Only for events of the inventory, oldest first, at most 500; `total` counts those that are left out as well. */
  readonly inventory?: { readonly events: readonly CertglassEvent[]; readonly total: number };
}

/** What a receiver answered. */
export interface SendResult {
  readonly ok: boolean;
  /** True stops further tries of this message. */
  readonly permanent: boolean;
  /** True with `ok` when only some recipients accepted it: sending again would reach those twice, so it is reported instead. */
  readonly partial?: boolean;
  /** How long the receiver asked to be left alone; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** Status or error in words; secrets and hostile text removed. */
  readonly detail: string;
}

/**
 * How a channel wants to be fed. `digest`: one message carries many findings. `incident`: one message is one incident or ticket, which is
 * closed when all its findings are resolved. `stream`: every change as an event, in batches, nothing left out.
 */
export type Takes = 'digest' | 'incident' | 'stream';

/** An open channel. */
export interface Channel {
  /** Sends one message. Never throws: a failure is a result. */
  send(message: Message, signal: AbortSignal): Promise<SendResult>;
  /** Connects and signs in, and sends nothing; why that failed, or null. Absent where only sending can tell. */
  verify?(signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
}

/** What a channel gets beside its configuration. */
export interface ChannelContext {
  /** Name of the instance, for example `webhook:oncall`. */
  readonly name: string;
  readonly log: Logger;
}

/** One kind of channel: what a file in this folder exports. */
export interface ChannelKind<Schema extends z.ZodObject = z.ZodObject> {
  readonly takes: Takes;
  /** Events of the inventory in one message, all of them being sent; absent: people read it, and one message lists the first and counts the rest. */
  readonly eventsPerMessage?: number;
  /** Its keys beside those every channel has; `type` is a literal. */
  readonly config: Schema;
  /** A configuration that works, for documentation and tests. */
  readonly example: z.input<Schema>;
  create(config: z.output<Schema>, context: ChannelContext): Channel;
}

/** Pairs a configuration schema with how a channel is opened from it. */
export function channelKind<Schema extends z.ZodObject>(kind: ChannelKind<Schema>): ChannelKind<Schema> {
  return kind;
}
