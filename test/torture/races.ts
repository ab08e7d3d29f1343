import { fork } from 'node:child_process';
import { once } from 'node:events';
import { filledFolder, looksStored } from './filled-folder.js';
import { lookAt } from './look-at.js';
import type { TorturePart } from './part.js';

const racer = new URL('./racer.js', import.meta.url);

/** Two services start on one folder at once: one gets it, or they give way in turn; never both, and nothing is lost. */
export const races: TorturePart = {
  name: 'races',
  async run(quick) {
    const counts = { races: 0, won: 0, refused: 0 };
    const wrong: string[] = [];
    const folder = await filledFolder();
    for (let race = 0; race < (quick ? 1 : 50); race += 1) {
      const children = [0, 1].map(() =>
        fork(racer, [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
      );
      const answers = await Promise.all(
        children.map(async (child) => String((await once(child, 'message'))[0])),
      );
      const open = answers.filter((answer) => answer === 'open').length;
      counts.races += 1;
      counts.won += open;
      counts.refused += 2 - open;
      if (open > 1) wrong.push(`race ${race}: both have the folder`);
      for (const answer of answers)
        if (answer !== 'open' && !answer.includes('in use')) wrong.push(`race ${race}: ${answer}`);
      for (const child of children) {
        const exited = once(child, 'exit');
        child.send('end');
        await exited;
      }
    }
    const { looks, damage } = await lookAt(folder);
    if (looks !== looksStored || damage.length > 0)
      wrong.push(`${looks} looks are left; ${damage.join('; ')}`);
    return { counts, wrong };
  },
};
