import { defineConfig } from 'vite';

/** Where `npm run console:dev` finds a running service. */
const service = process.env.CERTGLASS ?? 'http://127.0.0.1:8450';

/** One page, its scripts and its styles, all from the same origin; nothing is inlined, so that `default-src 'self'` is enough. */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: {
    host: '127.0.0.1',
    // The sources have a folder api of their own.
    proxy: { '/api/v1': service, '/api/docs': service, '/api/openapi.json': service, '/health': service },
  },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
