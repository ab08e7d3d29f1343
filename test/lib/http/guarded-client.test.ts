import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BlockedAddressError } from '../../../src/lib/http/errors.js';
import { createGuardedClient, type GuardedRequest } from '../../../src/lib/http/guarded-client.js';
import type { OutboundRules, ResolveAll } from '../../../src/lib/http/guarded-connect.js';

const closed: OutboundRules = { allowPrivate: false, allow: [], ports: null, ca: null };
const loopback: OutboundRules = { ...closed, allow: ['127.0.0.1'] };
const limits: GuardedRequest = { timeoutMs: 5_000, maxBytes: 100_000 };
const servers: Server[] = [];
after(() => servers.forEach((server) => void server.close().closeAllConnections()));

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const answers =
  (...addresses: readonly string[]): ResolveAll =>
  (_name, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

async function fetchOnce(url: string, rules: OutboundRules, request = limits, resolve?: ResolveAll) {
  const client = createGuardedClient(rules, resolve === undefined ? {} : { resolve });
  try {
    return await client.fetch(url, request);
  } finally {
    await client.close();
  }
}

describe('A3: server-side request forgery', () => {
  let requests = 0;
  const victim = serve((_request, response) => {
    requests += 1;
    response.end('secret');
  });
  const hosts = [
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '0177.0.0.1',
      '127.0.0.1.',
      '127.255.1.2',
    ],
    ...[
      'localhost',
      'LOCALHOST',
      'LocalHost',
      '0',
      '0.0.0.0',
      '%31%32%37.0.0.1',
      '①②⑦.0.0.1',
      '127。0。0。1',
    ],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:0:0:1]', '[64:ff9b::7f00:1]'],
    ...['[2002:7f00:1::]', '[fd00::1]', '[fd00:ec2::254]', '[fe80::1]', '[ff02::1]', '169.254.169.254'],
    ...['0xa9fea9fe', '2852039166', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '100.100.100.200'],
    ...['192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255', 'user:password@127.0.0.1'],
  ];
  for (const host of hosts) {
    it(`opens no connection to ${host}`, async () => {
      const port = await victim;
      await assert.rejects(fetchOnce(`http://${host}:${port}/`, closed), BlockedAddressError);
      assert.equal(requests, 0);
    });
  }

  for (const url of ['file:///etc/passwd', 'ftp://example.com/', 'gopher://x/', 'data:text/plain,x'])
    it(`refuses ${url}`, () => assert.rejects(fetchOnce(url, closed), BlockedAddressError));

  it('judges what a name resolves to at connect time: 100 rebinding tries reach nothing', async () => {
    const port = await victim;
    let turn = 0;
    // Looks public to whoever asks first, loopback to whoever asks second.
    const rebind: ResolveAll = (name, callback) =>
      answers(turn++ % 2 === 0 ? '192.0.2.1' : '127.0.0.1')(name, callback);
    const client = createGuardedClient(closed, { resolve: rebind });
    for (let n = 0; n < 100; n += 1)
      await assert.rejects(client.fetch(`http://rebind.example:${port}/`, limits), BlockedAddressError);
    await client.close();
    assert.equal(requests, 0);
    assert.equal(turn, 100);
  });

  it('uses only the allowed ones of several addresses', async () => {
    const port = await serve((_request, response) => response.end('right'));
    const mixed = answers('169.254.169.254', '::1', '127.0.0.1');
    const answer = await fetchOnce(`http://mixed.example:${port}/`, loopback, limits, mixed);
    assert.equal(Buffer.from(answer.body).toString(), 'right');
  });

  it('connects to the allowed ports only', async () => {
    const port = await victim;
    await assert.rejects(
      fetchOnce(`http://127.0.0.1:${port}/`, { ...loopback, ports: [80, 443] }),
      /not among the allowed ports/,
    );
  });
});

describe('redirects', () => {
  let hits = 0;
  const start = serve((request, response) => {
    hits += 1;
    const to: Record<string, string> = {
      '/loop': '/loop',
      '/once': '/end',
      '/away': 'http://127.0.0.2/x',
      '/file': 'file:///etc/passwd',
      '/bad': 'http://[',
    };
    const location = to[request.url ?? ''];
    if (location === undefined) return void response.end('end');
    response.writeHead(302, { location }).end();
  });
  const url = async (path: string): Promise<string> => `http://127.0.0.1:${await start}${path}`;

  it('returns a 3xx as it is by default', async () => {
    const answer = await fetchOnce(await url('/once'), loopback);
    assert.equal(answer.status, 302);
  });
  it('follows on the same host when asked to', async () => {
    const answer = await fetchOnce(await url('/once'), loopback, { ...limits, maxRedirects: 3 });
    assert.equal(Buffer.from(answer.body).toString(), 'end');
  });
  it('stops after the third', async () => {
    hits = 0;
    await assert.rejects(
      fetchOnce(await url('/loop'), loopback, { ...limits, maxRedirects: 3 }),
      /more than 3 redirects/,
    );
    assert.equal(hits, 4);
  });
  for (const path of ['/away', '/file', '/bad'])
    it(`refuses ${path}`, async () => {
      await assert.rejects(
        fetchOnce(await url(path), loopback, { ...limits, maxRedirects: 3 }),
        /redirected|only http|not a public address/,
      );
    });
});

describe('limits', () => {
  it('stops an endless body at the cap', async () => {
    const port = await serve((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(16_384)));
      };
      response.on('drain', more);
      more();
    });
    const before = process.memoryUsage().rss;
    await assert.rejects(fetchOnce(`http://127.0.0.1:${port}/`, loopback), /longer than 100000 bytes/);
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
  });
  it('refuses a body that says it is too long before reading it', async () => {
    const port = await serve(
      (_request, response) => void response.writeHead(200, { 'content-length': 1e12 }).write('x'),
    );
    await assert.rejects(fetchOnce(`http://127.0.0.1:${port}/`, loopback), /longer than/);
  });
  it('refuses a compressed answer, bomb or not', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const port = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    await assert.rejects(fetchOnce(`http://127.0.0.1:${port}/`, loopback), /compressed/);
  });
  it('keeps the absolute deadline against a drip of bytes', async () => {
    const drips: NodeJS.Timeout[] = [];
    const port = await serve((_request, response) => {
      drips.push(setInterval(() => response.write('.'), 20));
    });
    const startedAt = performance.now();
    await assert.rejects(
      fetchOnce(`http://127.0.0.1:${port}/`, loopback, { ...limits, timeoutMs: 300 }),
      /within 300 ms/,
    );
    assert.ok(performance.now() - startedAt < 1_500);
    drips.forEach(clearInterval);
  });
  it('keeps the absolute deadline against a silent server', async () => {
    const silent = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    await assert.rejects(
      fetchOnce(`https://127.0.0.1:${port}/`, loopback, { ...limits, timeoutMs: 300 }),
      /within 300 ms/,
    );
    silent.close();
  });
  it('ends at once when the caller aborts', async () => {
    const port = await serve(() => undefined);
    const caller = new AbortController();
    const pending = fetchOnce(`http://127.0.0.1:${port}/`, loopback, { ...limits, signal: caller.signal });
    caller.abort(new Error('shutting down'));
    await assert.rejects(pending, /shutting down/);
    await assert.rejects(
      fetchOnce(`http://127.0.0.1:${port}/`, loopback, { ...limits, signal: caller.signal }),
      /shutting down/,
    );
  });
});
