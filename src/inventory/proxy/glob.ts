import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

const wild = /[*?[]/;

/**
 * The paths that an include pattern names, sorted, as glob(3) does it: `*`, `?` and `[...]` within a segment, no hidden files unless the
 * segment begins with a dot. A pattern without wildcards is returned as it is, whether or not there is such a file.
 */
export async function expandGlob(pattern: string): Promise<readonly string[]> {
  const [root = '', ...segments] = pattern.split(sep);
  let found = [root === '' ? sep : root];
  for (const segment of segments) {
    if (segment === '') continue;
    const next: string[] = [];
    for (const folder of found) {
      if (!wild.test(segment)) next.push(join(folder, segment));
      else next.push(...(await matching(folder, segment)));
    }
    found = next;
  }
  return found.sort();
}

async function matching(folder: string, segment: string): Promise<readonly string[]> {
  const pattern = segmentPattern(segment);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => pattern.test(name) && (segment.startsWith('.') || !name.startsWith('.')))
    .map((name) => join(folder, name));
}

function segmentPattern(segment: string): RegExp {
  const source = segment.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replace(/\\/g, '\\\\');
    return part.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
