import type { Api } from '../server.js';

/** Which methods the routes of a path take. */
export type AllowedMethods = (path: string) => readonly string[];

/** Notes every route; what it answers is empty for a path that no route has (RFC 9110 section 15.5.6 wants the others told apart). */
export function noteMethods(app: Api): AllowedMethods {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z0-9]+/g, '[^/]+?');
    routes.push({ pattern: new RegExp(`^${pattern}$`), methods: [method].flat() });
  });
  return (path) => [
    ...new Set(routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []))),
  ];
}
