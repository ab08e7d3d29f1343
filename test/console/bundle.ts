import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';

const source = resolve(import.meta.dirname, '../../../src/console');
/** Where the service looks for the console of this build. */
const consoleFolder = resolve(import.meta.dirname, '../../console');

/** Builds the console from the sources as they are now. */
export async function buildConsole(outDir: string): Promise<void> {
  await build({
    root: source,
    configFile: join(source, 'vite.config.js'),
    logLevel: 'warn',
    build: { outDir },
  });
}

/** Puts the console where the service looks for it, unless it is there and newer than its sources. Test files may do so at once. */
export async function installConsole(): Promise<void> {
  const page = join(consoleFolder, 'index.html');
  if (existsSync(page) && statSync(page).mtimeMs > newestSourceMs()) return;
  const folder = await mkdtemp(join(dirname(consoleFolder), 'console-'));
  await buildConsole(folder);
  const old = `${folder}-old`;
  if (existsSync(consoleFolder)) await rename(consoleFolder, old);
  // Another test file may have put its own there meanwhile: that one is as good.
  await rename(folder, consoleFolder).catch(() => rm(folder, { recursive: true, force: true }));
  await rm(old, { recursive: true, force: true });
}

function newestSourceMs(): number {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((name) => statSync(join(source, name)).mtimeMs));
}
