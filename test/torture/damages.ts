import { damageTable, type Damage } from './damage-table.js';
import { filledFolder, looksStored } from './filled-folder.js';
import { lookAt, type Start } from './look-at.js';
import type { TorturePart } from './part.js';

/** Parts of the table that the quick run takes: one repaired, one reported, one refused. */
const quickly = [0, 13, 24];

/** Every damage of the table is repaired, refused or reported, as the table says. */
export const damages: TorturePart = {
  name: 'damages',
  async run(quick) {
    const counts = { repaired: 0, harmless: 0, reported: 0, refused: 0 };
    const wrong: string[] = [];
    for (const [index, damage] of damageTable.entries()) {
      if (quick && !quickly.includes(index)) continue;
      const folder = await filledFolder();
      damage.does(folder);
      const start = await lookAt(folder);
      const fault = faultOf(damage, start);
      if (fault === null) counts[damage.then] += 1;
      else wrong.push(`${damage.what}: ${fault}; ${JSON.stringify(start)}`);
    }
    return { counts, wrong };
  },
};

function faultOf({ then, says }: Damage, { refused, damage, looks }: Start): string | null {
  if (then === 'refused') {
    if (refused === null) return 'was not refused';
    return refused.includes(says ?? '') ? null : `was refused without ${says}`;
  }
  if (refused !== null) return 'was refused';
  if (then !== 'reported' && looks !== looksStored) return `only ${looks} looks are left`;
  if (then === 'harmless') return damage.length === 0 ? null : 'was reported';
  return damage.join('\n').includes(says ?? '') ? null : `${says} was not reported`;
}
