import { createRequire } from 'node:module';
import type * as undici from 'undici';

/**
 * Parts of undici by themselves: its main file also loads fetch, WebSocket and caches, a tenth of a second and 9 MB. Their paths are
 * no promise of undici's, which is why package.json takes its corrections only.
 */
const require = createRequire(import.meta.url);

/** undici's Agent: connections to any number of hosts. */
export const Agent = require('undici/lib/dispatcher/agent.js') as typeof undici.Agent;

/** What {@link request} sends, beside where to. */
export interface RequestOptions extends Omit<
  undici.Dispatcher.RequestOptions,
  'origin' | 'path' | 'headers'
> {
  readonly headers: Readonly<Record<string, string>>;
}

/** undici's `request` over `agent`, for `path` where it is not the URL's own; its code is loaded when it is first needed. */
export function request(
  agent: undici.Agent,
  { origin, pathname, search }: URL,
  options: RequestOptions,
  path = pathname + search,
): Promise<undici.Dispatcher.ResponseData> {
  const send = require('undici/lib/api/api-request.js') as (
    this: undici.Agent,
    options: undici.Dispatcher.RequestOptions,
  ) => Promise<undici.Dispatcher.ResponseData>;
  return send.call(agent, { ...options, origin, path });
}
