// Bundles the command line into a few files, in dist/bundle, that open faster than its modules. Run after the compiler:
// node bundle.js [FOLDER]
import { readFile, rm } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { build } from 'esbuild';

const [outdir = 'dist/bundle'] = process.argv.slice(2);

/** Pure modules of the start of most commands; all others stay where npm put them, with their files and threads. */
const inlined = [
  'commander',
  'ipaddr.js',
  'node-cron',
  'p-limit',
  'tldts',
  'tldts-core',
  'yaml',
  'yocto-queue',
  'zod',
];

/** Modules find files beside them (threads, roots, the configuration's data) from where they were, not from the bundle. */
const keepLocations = {
  name: 'keep-locations',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\/dist\/(src|scanners)\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const location = JSON.stringify(relative(outdir, path).split(sep).join('/'));
      const url = `new URL(${location}, import.meta.url)`;
      if (/import\.meta\.(dirname|filename)/.test(text))
        throw new Error(`${path}: import.meta.url only, please`);
      return { contents: text.replaceAll('import.meta.url', `${url}.href`), resolveDir: dirname(path) };
    });
    // Zod brings its texts in fifty languages; it is asked for English ones only.
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
    // A package that is imported when it is needed stays outside: in a chunk of its own, CommonJS would lose its names.
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const name = path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/');
      return inlined.includes(name) && kind !== 'dynamic-import' ? undefined : { path, external: true };
    });
  },
};

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: ['dist/src/cli/program.js'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [keepLocations],
  logLevel: 'warning',
});
