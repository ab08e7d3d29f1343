import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { HttpError, type HttpClient } from '../../../../scanners/ct/read/http.js';
import { createHttpClient } from '../../../../scanners/ct/read/http-client.js';
import { decompressSync, OversizeError } from '../../../../scanners/ct/decode/decompress.js';
import { MalformedError } from '../../../../src/ct/bytes.js';
import { damaged } from '../../../ct/shared.js';
import { issueCa, issueFor } from '../../../support/pki.js';

let client: HttpClient;
let url = '';
let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
const server = createServer((request, response) => answer(request, response));

before(async () => {
  client = createHttpClient({ userAgent: 'certglass test', connectMs: 2000, requestMs: 400 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
after(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const get = (maxBytes = 1000, signal = new AbortController().signal) => client.get({ url, signal, maxBytes });

async function failure(maxBytes?: number): Promise<HttpError> {
  const error: unknown = await get(maxBytes).then(
    () => assert.fail('no failure'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HttpError, String(error));
  return error;
}

describe('an HTTP request', () => {
  it('brings the body, with or without a length, and says who asks', async () => {
    for (const length of [{ 'content-length': 5 }, {}]) {
      let agent: string | undefined;
      answer = (request, response) => {
        agent = request.headers['user-agent'];
        response.writeHead(200, { etag: '"x"', 'last-modified': 'yesterday', ...length });
        response.write('he');
        response.end('llo');
      };
      const got = await get();
      assert.deepEqual(
        [got.body.toString(), got.etag, got.lastModified, got.encoding],
        ['hello', '"x"', 'yesterday', 'identity'],
      );
      assert.equal(agent, 'certglass test');
    }
  });

  it('leaves gzip packed, and says so', async () => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'GZIP' }).end(gzipSync('hello'));
    const got = await get();
    assert.equal(got.encoding, 'gzip');
    assert.equal(decompressSync(got.body, 'gzip', 100).toString(), 'hello');
  });

  it('takes 304 for an answer', async () => {
    answer = (_request, response) => response.writeHead(304).end();
    assert.equal((await get()).status, 304);
  });

  for (const [code, headers, wait] of [
    [500, {}, null],
    [404, {}, null],
    [429, { 'retry-after': '3' }, 3000],
    [503, { 'retry-after': 'whenever' }, null],
  ] as const)
    it(`fails with status ${code}, and the wait that was asked for`, async () => {
      answer = (_request, response) => response.writeHead(code, headers).end('<html>no</html>');
      const error = await failure();
      assert.deepEqual([error.kind, error.status, error.retryAfterMs], ['status', code, wait]);
    });

  it('fails with the status of an error page of any length', async () => {
    answer = (_request, response) => response.writeHead(500).end(Buffer.alloc(1_000_000));
    assert.deepEqual([(await failure()).kind, (await failure()).status], ['status', 500]);
  });

  for (const location of [
    'file:///etc/passwd',
    'http://127.0.0.1:1/',
    '//127.0.0.2/',
    'https://127.0.0.1/',
    '',
    'http://[',
  ])
    it(`follows no redirect to ${JSON.stringify(location)}`, async () => {
      answer = (_request, response) => response.writeHead(301, { location }).end();
      const error = await failure();
      assert.equal(error.kind, 'redirect');
      assert.ok(error.message.includes(`redirect to ${JSON.stringify(location)} refused`), error.message);
    });

  it('follows redirects within the origin, over one connection, but not for ever', async () => {
    const asked: string[] = [];
    const sockets = new Set<unknown>();
    answer = (request, response) => {
      asked.push(String(request.url));
      sockets.add(request.socket);
      if (request.url === '/new') response.end('here');
      else response.writeHead(308, { location: asked.length === 1 ? '/old?again' : '/new' }).end('moved');
    };
    assert.equal(String((await get()).body), 'here');
    assert.deepEqual([asked.length, asked.at(-1), sockets.size], [3, '/new', 1]);
    answer = (request, response) => {
      asked.push(String(request.url));
      response.writeHead(302, { location: `/${asked.length}` }).end();
    };
    asked.length = 0;
    assert.equal((await failure()).kind, 'redirect');
    assert.equal(asked.length, 6);
  });

  it('counts redirects towards the one deadline of the request', async () => {
    answer = (_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/on' }).end(), 400);
    };
    const before = performance.now();
    assert.equal((await failure()).kind, 'timeout');
    assert.ok(performance.now() - before < 2000);
  });

  it('refuses a body that is announced or turns out too large', async () => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-length': 1001 }).end(Buffer.alloc(1001));
    assert.equal((await failure()).kind, 'too-large');
    answer = (_request, response) => {
      response.writeHead(200);
      response.write(Buffer.alloc(600));
      response.end(Buffer.alloc(600));
    };
    assert.equal((await failure()).kind, 'too-large');
  });

  it('fails when the body is cut off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 500 });
      response.write('x', () => response.destroy());
    };
    assert.equal((await failure()).kind, 'network');
  });

  it('ends at its deadline, before and within the body', async () => {
    answer = () => undefined;
    assert.equal((await failure()).kind, 'timeout');
    answer = (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    };
    const began = performance.now();
    assert.equal((await failure()).kind, 'timeout');
    assert.ok(performance.now() - began < 3000);
  });

  it('ends when it is aborted, before and during', async () => {
    answer = () => undefined;
    await assert.rejects(get(1, AbortSignal.abort(new Error('stop'))), /stop/);
    const abort = new AbortController();
    const pending = get(1, abort.signal);
    setTimeout(() => abort.abort(new Error('stop')), 20);
    await assert.rejects(pending, /stop/);
  });

  it('goes out again when the server closed the idle connection it was sent over', async () => {
    answer = (_request, response) => response.end('first');
    await get();
    const used = new Set<unknown>();
    answer = ({ socket }, response) => {
      if (used.size > 0) return response.end('second');
      used.add(socket);
      return socket.resetAndDestroy();
    };
    assert.equal((await get()).body.toString(), 'second');
  });

  it('is sent over the connection of the last one, and over a new one where its answer was not read to the end', async () => {
    const ports = new Set<number | undefined>();
    answer = ({ socket }, response) => {
      ports.add(socket.remotePort);
      response.end('x');
    };
    await get();
    await get();
    assert.equal(ports.size, 1);
    answer = (_request, response) => response.end(Buffer.alloc(5000));
    assert.equal((await failure()).kind, 'too-large');
    answer = ({ socket }, response) => {
      ports.add(socket.remotePort);
      response.end('x');
    };
    await get();
    assert.equal(ports.size, 2);
  });

  it('takes nothing for its answer that came before it was sent', async () => {
    const connections: Socket[] = [];
    const pushy = createTcpServer((socket) => {
      connections.push(socket);
      socket.on('data', () =>
        // The second answer is one to a request that nobody sent.
        socket.write(
          'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil',
        ),
      );
    });
    await new Promise<void>((resolve) => pushy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(pushy.address() as AddressInfo).port}/`;
    for (let time = 0; time < 3; time += 1) {
      const got = await client.get({ url: address, signal: new AbortController().signal, maxBytes: 10 });
      assert.equal(got.body.toString(), 'good');
    }
    assert.equal(connections.length, 3);
    pushy.close();
  });

  it('has no line breaks but its own, whatever is put into it', async () => {
    answer = ({ headers }, response) => response.end(JSON.stringify(headers));
    const got = await client.get({
      url,
      signal: new AbortController().signal,
      maxBytes: 1000,
      headers: { 'if-none-match': '"a\r\nx-evil: 1' },
    });
    assert.match(got.body.toString(), /"if-none-match":"\\"a\?\?x-evil: 1"/);
  });

  it('is sent over TLS that is verified, to names and to addresses', async () => {
    const ca = issueCa('HTTP Test CA');
    const { keyPem, pem } = issueFor('localhost', { issuer: ca, ipAddresses: ['127.0.0.1'] });
    const names = new Set<string | false | null>();
    const body = Buffer.alloc(300_000, 'x');
    const secure = createTlsServer({ key: keyPem, cert: pem }, (request, response) => {
      names.add((request.socket as TLSSocket).servername);
      response.end(body);
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const { port } = secure.address() as AddressInfo;
    const folder = await mkdtemp(join(tmpdir(), 'http-test-'));
    try {
      const file = join(folder, 'ca.pem');
      await writeFile(file, ca.pem);
      const code = `
        import { createHttpClient } from ${JSON.stringify(import.meta.resolve('../../../../scanners/ct/read/http-client.js'))};
        const client = createHttpClient({ userAgent: 'test', connectMs: 5000, requestMs: 5000 });
        for (const host of ['localhost', '127.0.0.1', 'localhost'])
          await client
            .get({ url: \`https://\${host}:${port}/\`, signal: new AbortController().signal, maxBytes: 2 ** 20 })
            .then(({ body }) => console.log(body.length), ({ kind, message }) => console.log(kind, message));
        await client.close();`;
      const run = async (env: NodeJS.ProcessEnv): Promise<string> =>
        (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { env })).stdout;
      assert.equal(await run({ ...process.env, NODE_EXTRA_CA_CERTS: file }), '300000\n300000\n300000\n');
      assert.deepEqual(names, new Set(['localhost', false]));
      const refused = await run(process.env);
      assert.equal(refused.match(/^network .*UNABLE_TO_VERIFY_LEAF_SIGNATURE$/gm)?.length, 3, refused);
    } finally {
      await rm(folder, { recursive: true });
      secure.closeAllConnections();
      await new Promise((resolve) => secure.close(resolve));
    }
  });

  it('fails where nobody listens', async () => {
    const error: unknown = await client
      .get({ url: 'http://127.0.0.1:1/', signal: new AbortController().signal, maxBytes: 1 })
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof HttpError && error.kind === 'network');
  });
});

describe('gzip', () => {
  const text = Buffer.from('{"entries":[]}'.repeat(1000));
  it('is unpacked, whatever the header says about names and times', () => {
    assert.deepEqual(decompressSync(gzipSync(text), 'gzip', 100_000), text);
    const named = gzipSync(text);
    const withName = Buffer.concat([
      named.subarray(0, 3),
      Buffer.from([8]),
      named.subarray(4, 10),
      Buffer.from('n\0'),
      named.subarray(10),
    ]);
    assert.deepEqual(decompressSync(withName, 'gzip', 100_000), text);
  });

  it('over the limit, cut off or damaged is refused, at no great cost', () => {
    assert.throws(() => decompressSync(gzipSync(Buffer.alloc(50_000_000)), 'gzip', 100_000), OversizeError);
    // A trailer that promises little is held to it.
    const lying = gzipSync(Buffer.alloc(50_000_000));
    lying.writeUInt32LE(10_000, lying.length - 4);
    assert.throws(() => decompressSync(lying, 'gzip', 100_000_000), OversizeError);
    for (const [pack, encoding] of [
      [deflateSync, 'deflate'],
      [brotliCompressSync, 'br'],
    ] as const)
      assert.throws(() => decompressSync(pack(Buffer.alloc(200_000)), encoding, 100_000), OversizeError);
    assert.throws(() => decompressSync(Buffer.alloc(0), 'gzip', 100), MalformedError);
    for (const copy of damaged(gzipSync(text), 600, 31))
      try {
        decompressSync(copy, 'gzip', 100_000);
      } catch (error) {
        assert.ok(error instanceof MalformedError);
      }
  });
});
