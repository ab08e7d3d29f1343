import { isPublicHost } from '../x509/path/web-pki.js';
import type { GeneralName } from '../x509/path/general-name.js';

/** True for a URI with the scheme http and a host. */
export function isHttpUrl(name: GeneralName): boolean {
  return name.kind === 'uri' && /^http:\/\/[^/]/i.test(name.text);
}

/** The host of an http URI when the public DNS cannot hold it; null otherwise. */
export function internalHost(name: GeneralName): string | null {
  if (name.kind !== 'uri') return null;
  const host = /^https?:\/\/(?:[^/?#@]*@)?\[?([^/?#:\]]+)/i.exec(name.text)?.[1];
  if (host === undefined || /^[\d.]+$/.test(host)) return null;
  return isPublicHost(host.toLowerCase()) ? null : host;
}
