import { z } from 'zod';
import type { Numbered } from '../../lib/event-log.js';
import { liveEventKinds, type LiveEvent } from '../../model/live-event.js';
import { atLeast, severities } from '../../model/severity.js';
import type { Actor } from '../access/actor.js';
import { deliveryShape } from '../delivery-shapes.js';
import { finding } from '../finding-shapes.js';
import { anyOf, instant } from '../shapes.js';

/** What a listener asks for. */
export const eventQuery = z.strictObject({
  kind: anyOf(liveEventKinds)
    .optional()
    .describe('Kinds to hear of, separated by commas; without it all but ct-entry.'),
  severity: z.enum(severities).optional().describe('Findings of this severity at least.'),
  after: z
    .string()
    .max(100)
    .optional()
    .describe('Id of the last event seen; the header last-event-id says the same.'),
});

/** Those wishes, read. */
export type EventQuery = z.output<typeof eventQuery>;

/** What goes over the wire. */
export interface EventMessage {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly data: unknown;
}

const scan = z.object({
  id: z.string(),
  name: z.string(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  targets: z.number(),
  outcomes: z.record(z.string(), z.number()).readonly(),
});

/** The message of an event, or null when this listener does not want it or may not see it. */
export function messageFor(
  { id, at, event }: Numbered<LiveEvent>,
  { kind, severity }: EventQuery,
  { scope }: Actor,
): EventMessage | null {
  if (kind === undefined ? event.kind === 'ct-entry' : !kind.includes(event.kind)) return null;
  if (event.kind === 'finding' && severity !== undefined && !atLeast(event.finding.severity, severity))
    return null;
  if (scope !== null && !isInScope(event, scope)) return null;
  return { id, kind: event.kind, at: at.toISOString(), data: dataOf(event) };
}

/** A limited credential hears of findings alone. */
function isInScope(event: LiveEvent, { domains, tags }: NonNullable<Actor['scope']>): boolean {
  if (event.kind !== 'finding') return false;
  const { host, tags: own } = event.finding;
  const isBelow = host !== null && domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  return isBelow || own.some((tag) => tags.includes(tag));
}

function dataOf(event: LiveEvent): unknown {
  switch (event.kind) {
    case 'finding':
      return z.encode(finding, event.finding);
    case 'delivery':
      return z.encode(deliveryShape, event.delivery);
    case 'scan': {
      const { id, name, startedAt, finishedAt, targets, outcomes } = event.run;
      return z.encode(scan, { id, name, startedAt, finishedAt, targets, outcomes });
    }
    case 'ct-log': {
      const { logId, cursor, description, treeSize, verifiedIndex, lagSeconds, lastError } = event.position;
      return { logId, cursor, log: description, treeSize, verifiedIndex, lagSeconds, lastError };
    }
    case 'ct-entry': {
      const { logId, leafIndex, timestamp, certificate, matches } = event.entry;
      const { sha256, names, issuer } = certificate;
      return {
        logId,
        leafIndex,
        timestamp: timestamp.toISOString(),
        sha256,
        names: names.slice(0, 100),
        issuer,
        matches,
      };
    }
  }
}
