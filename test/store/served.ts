import { openEngine } from './engine.js';
import { temporaryFolder } from './sample.js';
import { startServer } from './server.js';

/** A database that answers over HTTP, to be stopped in the end. */
export interface Served {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  stop(): Promise<void>;
}

/** The embedded engine. */
export async function embedded(): Promise<Served> {
  const engine = await openEngine(temporaryFolder());
  return { ...(await engine.address()), stop: () => engine.close() };
}

/** A server of the same version. */
export async function real(): Promise<Served> {
  const server = await startServer(temporaryFolder());
  return { url: server.url, username: 'certglass', password: 'secret', stop: () => server.kill() };
}

/** The server at `http://user:password@host:8123`. */
export function elsewhere(address: string): Served {
  const { username, password, origin } = new URL(address);
  return {
    url: origin,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    stop: () => Promise.resolve(),
  };
}
