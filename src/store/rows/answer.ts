import type { Answer } from '../../model/network.js';
import { instant, text, uint64, type RowCodec } from './column.js';
import type { Versioned } from './ct.js';
import { toJson } from './json.js';

/** Rows of `answers`. */
export const answerCodec: RowCodec<Versioned<Answer>> = {
  table: 'answers',
  columns: [
    text('question', ({ value }) => value.question),
    text('key', ({ value }) => value.key),
    instant('since', ({ value }) => value.since),
    instant('checked_at', ({ value }) => value.checkedAt),
    text('outcome', ({ value }) => value.outcome),
    text('body', ({ value }) => toJson(value)),
    uint64('version', ({ version }) => version),
  ],
};

const instants = new Set([
  'since',
  'checkedAt',
  'revokedAt',
  'thisUpdate',
  'nextUpdate',
  'start',
  'end',
  'movedFrom',
  'retryAt',
]);

/** The answer in a `body`. */
export function toAnswer(body: string): Answer {
  return JSON.parse(body, (name, value: unknown) =>
    instants.has(name) && typeof value === 'string' ? new Date(value) : value,
  ) as Answer;
}
