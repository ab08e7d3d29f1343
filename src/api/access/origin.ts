import { isLoopbackHost, type ApiConfig } from '../config.js';
import { Problem } from '../problem.js';
import type { Asking } from './actor.js';

/**
 * Refuses a Host that the API does not go by: a page whose name was made to resolve to this machine (DNS rebinding) says its own
 * name there. Where credentials are needed and no names are configured any Host is served, for a proxy may stand before it.
 */
export function refuseForeignHost(request: Asking, config: ApiConfig, isOpen: boolean): void {
  const names = hostNames(config);
  if (!isOpen && names.length === 0) return;
  const host = hostOf(`http://${request.headers.host ?? ''}`);
  if (host !== null && (isLoopbackHost(host) || names.includes(host))) return;
  throw new Problem(
    421,
    isOpen
      ? 'this Host is not served without a token; use localhost, or configure a token'
      : 'this Host is not served; add it to api.allowedHosts',
  );
}

/** Refuses what a page of another site made the browser send. */
export function refuseForeignPage(request: Asking): void {
  const { origin } = request.headers;
  const isForeign =
    origin !== undefined && hostAndPort(origin) !== hostAndPort(`http://${request.headers.host}`);
  if (isForeign || request.headers['sec-fetch-site'] === 'cross-site')
    throw new Problem(403, 'requests from other web sites are refused');
}

function hostNames({ allowedHosts, publicUrl }: ApiConfig): readonly string[] {
  return publicUrl === null ? allowedHosts : [...allowedHosts, new URL(publicUrl).hostname.toLowerCase()];
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : null;
}

function hostAndPort(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host.toLowerCase() : null;
}
