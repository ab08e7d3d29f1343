import { call, getPath, pathOf } from '../api/client.js';
import { cache } from '../api/use-api.js';
import type { Finding } from '../api/types.js';
import { plural } from '../lib/format.js';
import { attempt } from '../ui/act.js';
import { toast } from '../ui/toast.js';
import { filtersOf, type FindingsState } from './state.js';

/** What people do with findings. */
export type FindingAction = 'acknowledge' | 'silence' | 'accept' | 'reopen' | 'assign';

/** What is said with an action. */
export interface Said {
  readonly note?: string | null;
  readonly until?: string | null;
  readonly assignee?: string | null;
}

const done: Readonly<Record<FindingAction, string>> = {
  acknowledge: 'acknowledged',
  silence: 'silenced',
  accept: 'accepted',
  reopen: 'open again',
  assign: 'assigned',
};

/** Most ids of one request. */
const atOnce = 1_000;

/** Does something with findings; says so, with Undo where that exists. Answers whether it was done. */
export async function actOn(ids: readonly string[], action: FindingAction, said: Said): Promise<boolean> {
  let changed = 0;
  let refused = 0;
  const isDone = await attempt(async () => {
    for (let start = 0; start < ids.length; start += atOnce) {
      const body = { ids: ids.slice(start, start + atOnce), action, ...said };
      const result = await call('POST /api/v1/findings/bulk', {}, body);
      changed += result.changed;
      refused += result.skipped.length;
    }
  });
  cache.invalidate('/api/v1/findings');
  cache.invalidate('/api/v1/overview');
  const canUndo = action === 'acknowledge' || action === 'silence' || action === 'accept';
  const undo = canUndo ? () => void actOn(ids, 'reopen', {}) : undefined;
  const rest = refused === 0 ? '' : `; ${plural(refused, 'finding')} could not be changed`;
  if (isDone && changed > 0)
    toast('ok', `${plural(changed, 'finding')} ${changed === 1 ? 'is' : 'are'} ${done[action]}${rest}`, undo);
  else if (isDone) toast('error', `Nothing was changed${rest}`);
  return isDone;
}

/** What is ticked in the list: whole groups, which the filters limit, and single findings. */
export interface Ticked {
  readonly groups: readonly string[];
  readonly ids: readonly string[];
}

/** The findings behind what is ticked, at most {@link atOnce} of each group. */
export async function idsOf({ groups, ids }: Ticked, state: FindingsState): Promise<readonly string[]> {
  const of = state.group === 'host' ? 'host' : 'cause';
  const lists = await Promise.all(
    groups.map(async (key) => {
      const query = { ...filtersOf(state), [of]: key, fields: 'id', limit: atOnce };
      const page = (await getPath(pathOf('GET /api/v1/findings', {}, query))) as {
        items: readonly Pick<Finding, 'id'>[];
      };
      return page.items.map(({ id }) => id);
    }),
  );
  return [...new Set([...ids, ...lists.flat()])];
}
