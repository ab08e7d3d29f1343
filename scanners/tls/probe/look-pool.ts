import { Worker } from 'node:worker_threads';
import type { Target } from '../../../src/model/target.js';
import type { ConnectionResult, Route } from '../wire/connection.js';
import { lookOnce, type Looker, type LookOptions } from './look.js';
import type { Answered, Question } from './look-messages.js';

/** Worker threads that look. */
export interface LookPool {
  readonly look: Looker;
  /** Ends the threads; looks under way end first if `signal` of the scan was aborted. */
  close(): Promise<void>;
}

interface Member {
  readonly worker: Worker;
  readonly pending: Map<number, () => void>;
}

/**
 * Spreads looks over `size` worker threads, each look to the one with the fewest. A look whose worker dies is taken by this
 * thread; when all are dead, so are all looks. The scan's signal reaches the workers.
 */
export function createLookPool(size: number, signal: AbortSignal): LookPool {
  const members = new Set<Member>();
  const answers = new Map<number, (look: ConnectionResult) => void>();
  let nextId = 0;
  for (let count = 0; count < size; count += 1) {
    const worker = new Worker(new URL('./look-worker.js', import.meta.url));
    const member: Member = { worker, pending: new Map() };
    members.add(member);
    worker.on('message', ({ id, look }: Answered) => {
      member.pending.delete(id);
      answers.get(id)?.(look);
    });
    const lost = (): void => {
      members.delete(member);
      for (const takeOver of member.pending.values()) takeOver();
      member.pending.clear();
    };
    worker.on('error', lost);
    worker.on('exit', lost);
    worker.unref();
  }
  const abort = (): void => members.forEach(({ worker }) => worker.postMessage('stop'));
  signal.addEventListener('abort', abort, { once: true });

  function look(target: Target, route: Route, options: LookOptions): Promise<ConnectionResult> {
    const member = leastBusy(members);
    if (member === undefined) return lookOnce(target, route, options);
    const id = (nextId += 1);
    const { address, port, sourceAddress } = route;
    const question: Question = {
      id,
      target,
      route: { address, port, sourceAddress },
      options: { depth: options.depth, limits: options.limits },
      leftMs: route.deadlineAt - performance.now(),
    };
    return new Promise<ConnectionResult>((resolve) => {
      answers.set(id, resolve);
      member.pending.set(id, () => void lookOnce(target, route, options).then(resolve));
      member.worker.postMessage(question);
    }).finally(() => answers.delete(id));
  }
  return {
    look,
    async close() {
      signal.removeEventListener('abort', abort);
      await Promise.all([...members].map(({ worker }) => worker.terminate()));
    },
  };
}

function leastBusy(members: ReadonlySet<Member>): Member | undefined {
  let best: Member | undefined;
  for (const member of members)
    if (best === undefined || member.pending.size < best.pending.size) best = member;
  return best;
}
