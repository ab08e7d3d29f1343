import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Destination } from './destination.js';

/** How long to wait for the proxy, and when to give up. */
interface TunnelOptions {
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A connection to `to` through an HTTP proxy (RFC 9110 section 9.3.6). Errors never name the proxy's password. */
export function openTunnel(
  proxy: URL,
  to: Destination,
  ca: string | null,
  { connectTimeoutMs, signal }: TunnelOptions,
): Promise<Socket> {
  const authority = `${isIP(to.host) === 6 ? `[${to.host}]` : to.host}:${to.port}`;
  const options: RequestOptions = {
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxyAuthorization(proxy) },
    agent: false,
    timeout: connectTimeoutMs,
    ...(signal === undefined ? {} : { signal }),
  };
  const trust = ca === null ? {} : { ca: [...rootCertificates, ca] };
  const connect = proxy.protocol === 'https:' ? requestHttps({ ...options, ...trust }) : requestHttp(options);
  return new Promise((resolve, reject) => {
    connect.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy refused the connection with status ${statusCode}`));
    });
    connect.once('response', (response) => {
      response.destroy();
      reject(new Error(`the proxy refused the connection with status ${response.statusCode ?? 0}`));
    });
    connect.once('timeout', () => connect.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)));
    connect.on('error', (cause) => reject(new Error(`proxy: ${cause.message}`, { cause })));
    connect.end();
  });
}

/** The header that the proxy's user and password become; nothing when the URL has none. */
export function proxyAuthorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
