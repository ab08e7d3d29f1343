import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createHttpClient, HttpError, type HttpClient } from '../../../scanners/ct/http.js';
import { decompressSync, OversizeError } from '../../../scanners/ct/decompress.js';
import { MalformedError } from '../../../src/ct/bytes.js';
import { damaged } from '../../ct/shared.js';

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

  it('follows no redirect', async () => {
    answer = (_request, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end();
    assert.match((await failure()).message, /redirect to "file:\/\/\/etc\/passwd" refused/);
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
