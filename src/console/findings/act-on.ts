import { call } from '../api/client.js';
import { cache } from '../api/use-api.js';
import { plural } from '../lib/format.js';
import { attempt } from '../ui/act.js';
import { toast } from '../ui/toast.js';

/** What people do with findings. */
export type FindingAction = 'acknowledge' | 'silence' | 'reopen';

const done: Readonly<Record<FindingAction, string>> = {
  acknowledge: 'acknowledged',
  silence: 'silenced',
  reopen: 'open again',
};

/** Does something with findings, one after the other; says so, with Undo. Answers whether all of it was done. */
export async function actOn(
  ids: readonly string[],
  action: FindingAction,
  body: { readonly note?: string | null },
): Promise<boolean> {
  const changed: string[] = [];
  const isDone = await attempt(async () => {
    for (const id of ids) {
      await call(`POST /api/v1/findings/{id}/${action}`, { id }, body);
      changed.push(id);
    }
  });
  cache.invalidate('/api/v1/findings');
  const undo = action === 'reopen' ? undefined : () => void actOn(changed, 'reopen', {});
  if (changed.length > 0)
    toast(
      'ok',
      `${plural(changed.length, 'finding')} ${changed.length === 1 ? 'is' : 'are'} ${done[action]}`,
      undo,
    );
  return isDone;
}
