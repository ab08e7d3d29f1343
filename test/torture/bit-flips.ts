import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filledFolder, looksStored } from './filled-folder.js';
import { lookAt } from './look-at.js';
import type { TorturePart } from './part.js';

/** Files that hold nothing that could be lost: the engine makes them anew. */
const unimportant = /^(status|certglass-service|lock-.*)$/;

/** Kinds of files: the name without numbers, of the tables the one that is looked at. */
function kindOf(path: string): string | null {
  if (path.startsWith('backups/') || unimportant.test(basename(path))) return null;
  if (path.startsWith('engine/store/') && path.endsWith('.sql')) return `definition ${basename(path)}`;
  if (path.startsWith('engine/')) return basename(path).replaceAll(/\d+/g, 'N');
  return path.replaceAll(/[0-9a-f]{8,}/g, 'N');
}

/** One bit of one file of each kind is flipped: nothing crashes or hangs, and looks are only missing where that is said. */
export const bitFlips: TorturePart = {
  name: 'bit-flips',
  async run(quick) {
    const counts = { kinds: 0, refused: 0, reported: 0, unseen: 0 };
    const wrong: string[] = [];
    const sample = await filledFolder();
    const files = new Map<string, string>();
    for (const path of readdirSync(sample, { recursive: true, encoding: 'utf8' }).sort()) {
      const kind = statSync(join(sample, path)).isFile() ? kindOf(path) : null;
      // Of files of one kind the last: that of the newest part.
      if (kind !== null && statSync(join(sample, path)).size > 0) files.set(kind, path);
    }
    const chosen = [...files].filter((_, index) => !quick || index % 50 === 7);
    for (const [kind, path] of chosen) {
      const folder = await filledFolder();
      const content = readFileSync(join(folder, path));
      const at = Math.floor(content.length / 2);
      content[at] = (content[at] ?? 0) ^ 0x10;
      writeFileSync(join(folder, path), content);
      const { refused, damage, looks } = await lookAt(folder);
      counts.kinds += 1;
      if (refused !== null) counts.refused += 1;
      else if (damage.length > 0) counts.reported += 1;
      else if (looks === looksStored) counts.unseen += 1;
      else wrong.push(`${kind} (${path}): ${looks} of ${looksStored} looks are left, and nothing is said`);
      if (refused !== null && !/(store restore|install the newer|see that it is writable)/.test(refused))
        wrong.push(`${kind}: refused without what helps: ${refused}`);
    }
    return { counts, wrong };
  },
};
