import { findService, type RemoteOptions } from './find-service.js';
import { getJson, listRemote, postJson, type Remote } from './remote.js';

/** Options of the commands that act on findings. */
export interface ActOptions extends RemoteOptions {
  readonly note?: string;
  readonly until?: Date;
  readonly days?: number;
  readonly to?: string;
  /** Also every other finding of the same cause. */
  readonly sameCause?: boolean;
}

/** What can be done with a finding; the path of the API. */
export type Act = 'acknowledge' | 'silence' | 'accept' | 'reopen' | 'assign' | 'comment';

const done: Readonly<Record<Act, string>> = {
  acknowledge: 'acknowledged',
  silence: 'silenced',
  accept: 'accepted',
  reopen: 'open',
  assign: 'assigned',
  comment: 'commented on',
};

/** `certglass acknowledge|silence|accept|reopen|assign|comment ID...`. 1 when some finding could not be changed. */
export async function act(action: Act, ids: readonly string[], options: ActOptions): Promise<number> {
  const remote = findService(options, process.env);
  const body = bodyOf(action, options, new Date());
  let failures = 0;
  for (const id of options.sameCause === true ? await ofSameCause(remote, ids) : ids) {
    try {
      const finding = await postJson(remote, `/api/v1/findings/${encodeURIComponent(id)}/${action}`, body);
      const until = typeof finding['until'] === 'string' ? ` until ${finding['until'].slice(0, 10)}` : '';
      process.stdout.write(`${id} ${done[action]}${until}: ${String(finding['title'])}\n`);
    } catch (error) {
      failures += 1;
      process.stderr.write(`certglass: ${id}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  return failures === 0 ? 0 : 1;
}

/** The ids, and those of all findings that are not resolved and have a cause in common with them. */
async function ofSameCause(remote: Remote, ids: readonly string[]): Promise<readonly string[]> {
  const all = new Set<string>(ids);
  for (const id of ids) {
    const { cause } = await getJson(remote, `/api/v1/findings/${encodeURIComponent(id)}`);
    const filters = { cause: String(cause), state: 'open,acknowledged,silenced,accepted' };
    for await (const found of listRemote(remote, 'findings', filters, mostFindings, () => undefined))
      all.add(String(found['id']));
  }
  return [...all];
}

/** Findings of one cause that are acted on at most. */
const mostFindings = 10_000;

function bodyOf(action: Act, { note, until, days, to }: ActOptions, now: Date): Record<string, unknown> {
  const end = until ?? (days === undefined ? null : new Date(now.getTime() + days * 86_400_000));
  const said = note === undefined ? {} : { note };
  if (action === 'silence' || action === 'accept') return { ...said, until: end?.toISOString() ?? null };
  if (action === 'assign') return { ...said, assignee: to ?? null };
  return said;
}
