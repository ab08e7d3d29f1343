import { join, resolve } from 'node:path';
import { build } from 'vite';

const source = resolve(import.meta.dirname, '../../../src/console');

/** Where the service looks for the console of this build. */
export const consoleFolder = resolve(import.meta.dirname, '../../console');

/** Builds the console from the sources as they are now. */
export async function buildConsole(outDir: string): Promise<void> {
  await build({
    root: source,
    configFile: join(source, 'vite.config.js'),
    logLevel: 'warn',
    build: { outDir },
  });
}
