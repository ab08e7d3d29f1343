import { durationText } from '../../lib/duration-text.js';
import type { Colour } from '../look.js';
import { count, dayText, namesText, whenText } from '../render-text.js';
import { toDate, type View } from './view.js';

/** A scan as the service lists it. */
export interface ScanRow {
  readonly id: string;
  readonly name: string;
  readonly startedBy: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly seconds: number | null;
  readonly targets: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly progress: {
    readonly done: number;
    readonly total: number | null;
    readonly secondsLeft: number | null;
  } | null;
}

/** `certglass scans list`. */
export const scans: View<ScanRow> = {
  path: 'scans',
  sort: null,
  empty: 'No scans.',
  usual: ['started', 'scan', 'state', 'targets', 'ok', 'took', 'id'],
  columns: (now) => [
    {
      key: 'started',
      title: 'STARTED',
      text: ({ startedAt }) => whenText(toDate(startedAt), now),
      value: ({ startedAt }) => startedAt,
      minWidth: 11,
    },
    { key: 'scan', title: 'SCAN', text: ({ name }) => name, minWidth: 12 },
    { key: 'state', title: 'STATE', text: stateText, minWidth: 8 },
    {
      key: 'targets',
      title: 'ENDPOINTS',
      text: ({ targets }) => targets.toLocaleString('en'),
      value: ({ targets }) => targets,
    },
    {
      key: 'ok',
      title: 'WITH CERTIFICATE',
      text: ({ outcomes }) => (outcomes['ok'] ?? 0).toLocaleString('en'),
      value: ({ outcomes }) => outcomes['ok'] ?? 0,
      optional: true,
    },
    {
      key: 'took',
      title: 'TOOK',
      text: ({ seconds }) => (seconds === null ? '' : durationText(seconds)),
      value: ({ seconds }) => seconds,
      optional: true,
    },
    { key: 'id', title: 'ID', text: ({ id }) => id, minWidth: 36, optional: true },
  ],
};

function stateText({ finishedAt, progress }: ScanRow): string {
  if (finishedAt !== null) return 'ended';
  if (progress === null) return 'interrupted';
  const { done, total, secondsLeft } = progress;
  const share =
    total === null || total === 0 ? count(done, 'endpoint') : `${Math.floor((100 * done) / total)} %`;
  return `running, ${share}${secondsLeft === null ? '' : `, ${durationText(secondsLeft)} left`}`;
}

/** A delivery as the service lists it. */
export interface DeliveryRow {
  readonly id: string;
  readonly channel: string;
  readonly items: readonly unknown[];
  readonly state: string;
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly lastDetail: string | null;
}

const stateColours: Readonly<Record<string, Colour>> = { failed: 'red', pending: 'yellow' };

/** `certglass deliveries`. */
export const deliveries: View<DeliveryRow> = {
  path: 'deliveries',
  sort: null,
  empty: 'Nothing was sent.',
  usual: ['created', 'channel', 'state', 'findings', 'attempts', 'next', 'detail', 'id'],
  columns: (now) => [
    {
      key: 'created',
      title: 'CREATED',
      text: ({ createdAt }) => whenText(toDate(createdAt), now),
      value: ({ createdAt }) => createdAt,
      minWidth: 11,
    },
    { key: 'channel', title: 'CHANNEL', text: ({ channel }) => channel, minWidth: 8 },
    {
      key: 'state',
      title: 'STATE',
      text: ({ state }) => state,
      colour: ({ state }) => stateColours[state] ?? null,
      minWidth: 7,
    },
    {
      key: 'findings',
      title: 'FINDINGS',
      text: ({ items }) => String(items.length),
      value: ({ items }) => items.length,
    },
    {
      key: 'attempts',
      title: 'TRIES',
      text: ({ attempts }) => String(attempts),
      value: ({ attempts }) => attempts,
      minWidth: 5,
    },
    {
      key: 'next',
      title: 'NEXT TRY',
      text: ({ nextAttemptAt }) => whenText(toDate(nextAttemptAt), now),
      value: ({ nextAttemptAt }) => nextAttemptAt,
      optional: true,
    },
    {
      key: 'detail',
      title: 'ANSWER',
      text: ({ lastDetail }) => lastDetail ?? '',
      minWidth: 16,
      optional: true,
    },
    { key: 'id', title: 'ID', text: ({ id }) => id, minWidth: 32, optional: true },
  ],
};

/** A name as the service lists it. */
export interface NameRow {
  readonly name: string;
  readonly certificates: number;
  readonly sha256: string;
  readonly notAfter: string | null;
}

/** `certglass names`. */
export const names: View<NameRow> = {
  path: 'names',
  sort: null,
  empty: 'No names.',
  usual: ['name', 'certificates', 'expires', 'when', 'sha256'],
  columns: (now) => [
    { key: 'name', title: 'NAME', text: ({ name }) => name, minWidth: 20 },
    {
      key: 'certificates',
      title: 'CERTIFICATES',
      text: ({ certificates }) => certificates.toLocaleString('en'),
      value: ({ certificates }) => certificates,
    },
    {
      key: 'expires',
      title: 'LAST EXPIRES',
      text: ({ notAfter }) => dayText(toDate(notAfter)),
      value: ({ notAfter }) => notAfter,
      minWidth: 10,
    },
    { key: 'when', title: 'WHEN', text: ({ notAfter }) => whenText(toDate(notAfter), now), minWidth: 11 },
    { key: 'sha256', title: 'SHA256', text: ({ sha256 }) => sha256, minWidth: 16, optional: true },
  ],
};

/** An item of the inventory as the service lists it. */
export interface InventoryRow {
  readonly source: string;
  readonly reference: string;
  readonly sha256: string | null;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
}

/** `certglass inventory list`. */
export const inventory: View<InventoryRow> = {
  path: 'inventory',
  sort: null,
  empty: 'The inventory is empty.',
  usual: ['source', 'reference', 'owner', 'environment', 'tags', 'sha256'],
  columns: () => [
    { key: 'source', title: 'SOURCE', text: ({ source }) => source, minWidth: 12 },
    { key: 'reference', title: 'REFERENCE', text: ({ reference }) => reference, minWidth: 20 },
    { key: 'owner', title: 'OWNER', text: ({ owner }) => owner ?? '', optional: true },
    {
      key: 'environment',
      title: 'ENVIRONMENT',
      text: ({ environment }) => environment ?? '',
      optional: true,
    },
    { key: 'tags', title: 'TAGS', text: ({ tags }) => namesText(tags), optional: true },
    { key: 'sha256', title: 'SHA256', text: ({ sha256 }) => sha256 ?? '', minWidth: 16, optional: true },
  ],
};

/** A source of the inventory as the service lists it. */
export interface SourceRow {
  readonly source: string;
  readonly configured: boolean;
  readonly running: boolean;
  readonly lastCompleteAt: string | null;
  readonly stale: boolean;
  readonly items: number;
}

/** `certglass inventory sources`. */
export const inventorySources: View<SourceRow> = {
  path: 'inventory/sources',
  sort: null,
  empty: 'No inventory is configured or was pushed.',
  usual: ['source', 'items', 'state', 'read'],
  columns: (now) => [
    { key: 'source', title: 'SOURCE', text: ({ source }) => source, minWidth: 16 },
    {
      key: 'items',
      title: 'CERTIFICATES',
      text: ({ items }) => items.toLocaleString('en'),
      value: ({ items }) => items,
    },
    {
      key: 'state',
      title: 'STATE',
      text: ({ running, stale, configured }) =>
        running ? 'being read' : stale ? 'stale' : configured ? 'current' : 'pushed, or no longer configured',
      colour: ({ stale }) => (stale ? 'yellow' : null),
    },
    {
      key: 'read',
      title: 'LAST READ WHOLE',
      text: ({ lastCompleteAt }) =>
        lastCompleteAt === null ? 'never' : whenText(toDate(lastCompleteAt), now),
      value: ({ lastCompleteAt }) => lastCompleteAt,
      minWidth: 11,
    },
  ],
};

/** How much of what an operator's logs signed CT showed. */
export interface RecallRow {
  readonly operator: string;
  readonly served: number;
  readonly seen: number;
}

/** `certglass ct recall`. */
export const recall: View<RecallRow> = {
  path: 'recall',
  isWhole: true,
  sort: null,
  empty: 'No served certificate carries proofs of a CT log.',
  usual: ['operator', 'served', 'seen', 'share'],
  columns: () => [
    { key: 'operator', title: 'LOG OPERATOR', text: ({ operator }) => operator, minWidth: 16 },
    {
      key: 'served',
      title: 'SERVED',
      text: ({ served }) => served.toLocaleString('en'),
      value: ({ served }) => served,
    },
    {
      key: 'seen',
      title: 'SEEN IN CT',
      text: ({ seen }) => seen.toLocaleString('en'),
      value: ({ seen }) => seen,
    },
    {
      key: 'share',
      title: 'SHARE',
      text: (row) => (row.served === 0 ? '' : `${Math.floor(shareOf(row))} %`),
      value: shareOf,
      minWidth: 5,
    },
  ],
};

function shareOf({ served, seen }: RecallRow): number {
  return served === 0 ? 0 : (100 * seen) / served;
}
