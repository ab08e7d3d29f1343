import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { filledFolder, looksStored } from './filled-folder.js';
import { lookAt } from './look-at.js';
import type { TorturePart } from './part.js';

const group = `/sys/fs/cgroup/memory/certglass-torture-${process.pid}`;
const looksWritten = 2_000;

/** The service's store with all its memory limited: it works, or says that memory is short; what it acknowledged is there afterwards. */
export const memory: TorturePart = {
  name: 'memory',
  async run(quick) {
    const counts = { limits: 0, worked: 0, refused: 0 };
    const wrong: string[] = [];
    if (quick) return { counts: { skipped: 1 }, wrong };
    try {
      mkdirSync(group);
    } catch {
      return { counts: { skipped: 1 }, wrong };
    }
    try {
      for (const mebibytes of [300, 600, 1_000]) {
        writeFileSync(`${group}/memory.limit_in_bytes`, String(mebibytes * 1_048_576));
        const folder = await filledFolder();
        const child = fork(new URL('./memory-child.js', import.meta.url), [folder, String(looksWritten)], {
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        });
        writeFileSync(`${group}/cgroup.procs`, String(child.pid));
        child.send('go');
        const [answer] = await Promise.race([
          once(child, 'message'),
          once(child, 'exit').then(() => ['ended']),
        ]);
        child.disconnect?.();
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        counts.limits += 1;
        const acknowledged = Number(String(answer).split(' ')[1] ?? 0);
        if (String(answer).startsWith('wrote')) counts.worked += 1;
        else counts.refused += 1;
        const { looks, damage, refused } = await lookAt(folder);
        // A list shows the first thousand.
        const expected = Math.min(1_000, looksStored + acknowledged);
        if (looks < expected || damage.length > 0)
          wrong.push(
            `${mebibytes} MiB: ${String(answer)}, ${looks} looks, ${damage.join('; ')} ${refused ?? ''}`,
          );
        if (!/^(wrote|memory)/.test(String(answer))) wrong.push(`${mebibytes} MiB: ${String(answer)}`);
      }
    } finally {
      rmdirSync(group);
    }
    return { counts, wrong };
  },
};
