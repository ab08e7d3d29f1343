import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BlockedAddressError } from '../../../src/lib/http/errors.js';
import {
  createGuardedClient,
  type ClientOptions,
  type GuardedRequest,
} from '../../../src/lib/http/guarded-client.js';
import type { OutboundRules } from '../../../src/lib/http/guarded-connect.js';
import { startHttpService, type HttpService } from '../../support/http-service.js';
import { issue, issueCa } from '../../support/pki.js';

const rules: OutboundRules = { allowPrivate: true, allow: [], ports: null, ca: null };
const limits: GuardedRequest = { timeoutMs: 10_000, maxBytes: 100_000 };
const open: { close(): Promise<void> }[] = [];
after(() => Promise.all(open.map((one) => one.close())));

async function fetchOnce(
  url: string,
  more: Partial<OutboundRules> = {},
  request = limits,
  options?: ClientOptions,
) {
  const client = createGuardedClient({ ...rules, ...more }, options);
  try {
    return await client.fetch(url, request);
  } finally {
    await client.close();
  }
}

async function serve(...parameters: Parameters<typeof startHttpService>): Promise<HttpService> {
  const service = await startHttpService(...parameters);
  open.push(service);
  return service;
}

const ca = issueCa();
const server = issue({ issuer: ca, subject: 'server', ipAddresses: ['127.0.0.1'], dnsNames: ['localhost'] });
const client = issue({ issuer: ca, subject: 'client', bare: true });
const identity = { key: server.keyPem, cert: server.pem };

describe('redirects to another origin', () => {
  const headers = {
    authorization: 'Bearer secret',
    cookie: 'a=b',
    'x-api-key': 'secret',
    accept: 'text/plain',
  };

  it('are followed without what identifies the caller', async () => {
    const end = await serve(() => ({ status: 200, text: 'end' }));
    const start = await serve(() => ({ status: 302, headers: { location: `${end.url}/x` } }));
    await fetchOnce(`${start.url}/`, {}, { ...limits, headers, maxRedirects: 2 });
    assert.equal(start.requests[0]?.headers.authorization, 'Bearer secret');
    const got = end.requests[0]?.headers;
    assert.deepEqual(
      [got?.authorization, got?.cookie, got?.['x-api-key'], got?.accept],
      [undefined, undefined, undefined, 'text/plain'],
    );
  });
  it('keep the headers within one origin', async () => {
    const one = await serve(({ url }) =>
      url.pathname === '/a' ? { status: 307, headers: { location: '/b' } } : { status: 200 },
    );
    await fetchOnce(`${one.url}/a`, {}, { ...limits, headers, maxRedirects: 1 });
    assert.equal(one.requests[1]?.headers.authorization, 'Bearer secret');
  });
  it('do not regain the headers on the way back', async () => {
    const away = await serve(() => ({ status: 302, headers: { location: `${home.url}/back` } }));
    const home: HttpService = await serve(({ url }) =>
      url.pathname === '/' ? { status: 302, headers: { location: away.url } } : { status: 200 },
    );
    await fetchOnce(`${home.url}/`, {}, { ...limits, headers, maxRedirects: 2 });
    assert.equal(home.requests[1]?.headers.authorization, undefined);
  });
  it('are refused when there is a client certificate', async () => {
    const start = await serve(() => ({ status: 302, headers: { location: 'http://127.0.0.3/' } }));
    const clientCertificate = { certificate: client.pem, key: client.keyPem };
    await assert.rejects(
      fetchOnce(start.url, { clientCertificate }, { ...limits, maxRedirects: 1 }),
      BlockedAddressError,
    );
  });
  it('are not followed for a POST', async () => {
    const start = await serve(() => ({ status: 307, headers: { location: '/b' } }));
    assert.equal(
      (await fetchOnce(start.url, {}, { ...limits, method: 'POST', body: 'x', maxRedirects: 3 })).status,
      307,
    );
    assert.equal(start.requests.length, 1);
  });
  it('are not followed from https to http', async () => {
    const start = await serve(
      () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }),
      identity,
    );
    await assert.rejects(
      fetchOnce(start.url, { ca: ca.pem }, { ...limits, maxRedirects: 1 }),
      /from https to http/,
    );
  });
});

describe('compression', () => {
  const gzipped = (bytes: number) => () => ({
    status: 200,
    headers: { 'content-encoding': 'gzip' },
    text: gzipSync(Buffer.alloc(bytes, 'a')),
  });
  it('is undone when asked for', async () => {
    const service = await serve(gzipped(100_000));
    const answer = await fetchOnce(service.url, {}, { ...limits, gzip: true });
    assert.equal(answer.body.length, 100_000);
    assert.equal(service.requests[0]?.headers['accept-encoding'], 'gzip');
  });
  it('stops a bomb at the cap', async () => {
    const service = await serve(gzipped(50_000_000));
    await assert.rejects(fetchOnce(service.url, {}, { ...limits, gzip: true }), /longer than 100000 bytes/);
  });
  it('reports bytes that are no gzip', async () => {
    const service = await serve(() => ({
      status: 200,
      headers: { 'content-encoding': 'gzip' },
      text: 'plain',
    }));
    await assert.rejects(fetchOnce(service.url, {}, { ...limits, gzip: true }), /header check/);
  });
  it('refuses other codings', async () => {
    const service = await serve(() => ({ status: 200, headers: { 'content-encoding': 'br' }, text: 'x' }));
    await assert.rejects(fetchOnce(service.url, {}, { ...limits, gzip: true }), /compressed/);
  });
});

describe('TLS', () => {
  it('trusts the CA given, and only then', async () => {
    const service = await serve(() => ({ status: 200, text: 'secure' }), identity);
    assert.equal(Buffer.from((await fetchOnce(service.url, { ca: ca.pem })).body).toString(), 'secure');
    await assert.rejects(fetchOnce(service.url), /certificate/);
  });
  it('checks the name, also of an address', async () => {
    const other = issue({ issuer: ca, subject: 'other', dnsNames: ['other.example'] });
    const service = await serve(() => ({ status: 200 }), { key: other.keyPem, cert: other.pem });
    await assert.rejects(fetchOnce(service.url, { ca: ca.pem }), /IP: 127\.0\.0\.1|altnames/);
    await assert.rejects(
      fetchOnce(service.url.replace('127.0.0.1', 'localhost'), { ca: ca.pem }),
      /altnames/,
    );
  });
  it('shows the client certificate', async () => {
    const clientCertificate = { certificate: client.pem, key: client.keyPem };
    const strict = await serve(() => ({ status: 200 }), {
      ...identity,
      ca: ca.pem,
      requestCert: true,
      rejectUnauthorized: true,
    });
    assert.equal((await fetchOnce(strict.url, { ca: ca.pem, clientCertificate })).status, 200);
    await assert.rejects(fetchOnce(strict.url, { ca: ca.pem }));
  });
});

describe('a proxy', () => {
  /** A CONNECT proxy on loopback that wants a password. */
  async function startProxy() {
    const tunnels: string[] = [];
    const plain: string[] = [];
    const authorizations: (string | undefined)[] = [];
    const proxy = createHttpServer((request, response) => {
      plain.push(request.url ?? '');
      authorizations.push(request.headers['proxy-authorization']);
      response.end(`through the proxy to ${request.headers.host}`);
    });
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      authorizations.push(request.headers['proxy-authorization']);
      if (request.url?.startsWith('refused.')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const upstream = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const url = `http://user:pass%20word@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    open.push({
      async close() {
        proxy.close();
        proxy.closeAllConnections();
      },
    });
    return { url, tunnels, plain, authorizations };
  }
  const basic = `Basic ${Buffer.from('user:pass word').toString('base64')}`;

  it('tunnels https, with the name checked end to end', async () => {
    const service = await serve(() => ({ status: 200, text: 'end' }), identity);
    const proxy = await startProxy();
    const answer = await fetchOnce(service.url, { proxy: proxy.url, ca: ca.pem });
    assert.equal(Buffer.from(answer.body).toString(), 'end');
    assert.deepEqual(proxy.tunnels, [`127.0.0.1:${service.port}`]);
    assert.deepEqual(proxy.authorizations, [basic]);
  });
  it('gets http requests in absolute form', async () => {
    const proxy = await startProxy();
    const answer = await fetchOnce('http://127.0.0.9:8080/a?b=c', { proxy: proxy.url });
    assert.equal(Buffer.from(answer.body).toString(), 'through the proxy to 127.0.0.9:8080');
    assert.deepEqual(proxy.plain, ['http://127.0.0.9:8080/a?b=c']);
    assert.deepEqual(proxy.authorizations, [basic]);
  });
  it('resolves the names that this machine cannot', async () => {
    const proxy = await startProxy();
    const fails: ClientOptions = { resolve: (_name, callback) => callback(new Error('ENOTFOUND'), []) };
    const answer = await fetchOnce(
      'http://only-there.example/',
      { proxy: proxy.url, allowPrivate: false },
      limits,
      fails,
    );
    assert.equal(answer.status, 200);
  });
  it('is named in the error when it refuses, without its password', async () => {
    const proxy = await startProxy();
    const fails: ClientOptions = { resolve: (_name, callback) => callback(new Error('ENOTFOUND'), []) };
    await assert.rejects(
      fetchOnce('https://refused.example/', { proxy: proxy.url }, limits, fails),
      (error: Error) => {
        assert.match(error.message, /the proxy refused the connection with status 403/);
        assert.doesNotMatch(`${error.message} ${error.stack}`, /pass/);
        return true;
      },
    );
  });
  it('that is not there is an error, not a hang', async () => {
    await assert.rejects(fetchOnce('https://127.0.0.1:1/', { proxy: 'http://127.0.0.1:1' }), /proxy: /);
  });
});
