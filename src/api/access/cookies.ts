import type { FastifyReply } from 'fastify';
import type { Asking } from './actor.js';

/** RFC 6265bis: a name that browsers accept over HTTPS from this very host alone. */
const secureName = '__Host-certglass';
const plainName = 'certglass';

/** The cookie of the session; null when the request has none. */
export function sessionCookie(request: Asking): string | null {
  return cookieOf(request, nameFor(request));
}

/** A cookie of this name; null when the request has none. */
export function cookieOf(request: Asking, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key = '', ...value] = pair.trim().split('=');
    if (key === name) return value.join('=').slice(0, 512);
  }
  return null;
}

/** Sets the session's cookie, out of reach for scripts and for requests of other sites. */
export function setSessionCookie(
  reply: FastifyReply,
  request: Asking,
  value: string,
  maxAgeSeconds: number,
): void {
  setCookie(reply, request, { name: nameFor(request), value, maxAgeSeconds, sameSite: 'Strict' });
}

/** Sets a cookie that scripts cannot read, over HTTPS alone where the request came that way. A maximum age of 0 deletes it. */
export function setCookie(
  reply: FastifyReply,
  request: Asking,
  cookie: {
    readonly name: string;
    readonly value: string;
    readonly maxAgeSeconds: number;
    readonly sameSite: 'Strict' | 'Lax';
  },
): void {
  const secure = isSecure(request) ? '; Secure' : '';
  const { name, value, maxAgeSeconds, sameSite } = cookie;
  const previous = [reply.getHeader('set-cookie') ?? []].flat().map(String);
  const text = `${name}=${value}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}${secure}`;
  void reply.header('set-cookie', [...previous, text]);
}

/** True when the request came over HTTPS, to us or to the proxy that the operator configured. */
export function isSecure(request: Asking): boolean {
  return request.protocol === 'https';
}

function nameFor(request: Asking): string {
  return isSecure(request) ? secureName : plainName;
}
