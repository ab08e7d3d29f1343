import { defaultPort, isLoopbackHost, type ApiConfig } from './config.js';
import type { Api } from './server.js';

/** How many ports above the default one are tried. */
const triedPorts = 100;

/**
 * Starts to listen and returns the address as a URL. The default port gives way to the next free one. Throws one sentence that
 * says what to do; refuses to listen beyond loopback without a token, whatever the configuration check said.
 */
export async function listen(app: Api, config: ApiConfig): Promise<string> {
  if (!app.hasCredentials() && !isLoopbackHost(config.host))
    throw new Error(
      `the API would listen on ${config.host} without a token; make one with "certglass token create", or add one to api.tokens`,
    );
  const last = config.port === defaultPort ? defaultPort + triedPorts - 1 : config.port;
  for (let port = config.port; ; port += 1) {
    try {
      return await app.listen({ host: config.host.replace(/^\[|\]$/g, ''), port });
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE' && port < last) continue;
      throw new Error(sentence(codeOf(error), config.host, port), { cause: error });
    }
  }
}

function sentence(code: string, host: string, port: number): string {
  const place = `the API cannot listen on ${host} port ${port}`;
  if (code === 'EADDRINUSE') return `${place}: something else does; choose another api.port`;
  if (code === 'EACCES') return `${place}: ports below 1024 need a privilege; choose another api.port`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${place}: this machine has no such address; check api.host`;
  return `${place} (${code || 'unknown error'})`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
