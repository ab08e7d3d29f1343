import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { expandGlob } from './glob.js';
import type { ConfigReport } from './binding.js';

const largest = 16_000_000;
/** An include that includes itself ends here. */
const mostFiles = 10_000;

/** The text of a configuration's files, each read once however often it is included. */
export interface Sources {
  /** Folder that relative paths of the configuration start from. */
  readonly folder: string;
  /** Text of the file; null when it was read before on the way here, or cannot be read, which is reported. */
  read(path: string): Promise<string | null>;
  /** Files that an include pattern names, folders as all their files. */
  included(pattern: string, base: string): Promise<readonly string[]>;
}

/** Opens a configuration at a file or folder. */
export async function openSources(path: string, report: ConfigReport): Promise<Sources> {
  const isFolder = await stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  let count = 0;
  const seen = new Set<string>();
  return {
    folder: isFolder ? path : dirname(path),
    async read(file) {
      if (seen.has(file)) return null;
      seen.add(file);
      if ((count += 1) > mostFiles) throw new Error(`${path} includes more than ${mostFiles} files`);
      try {
        const { size } = await stat(file);
        if (size > largest) throw new Error(`is larger than ${largest / 1_000_000} MB`);
        return await readFile(file, 'utf8');
      } catch (error) {
        report.error(file, error);
        return null;
      }
    },
    async included(pattern, base) {
      const files = await expandGlob(isAbsolute(pattern) ? pattern : join(base, pattern));
      const each = await Promise.all(
        files.map(async (file) => {
          const facts = await stat(file).catch(() => null);
          return facts?.isDirectory() === true ? expandGlob(join(file, '*')) : [file];
        }),
      );
      return each.flat();
    },
  };
}
