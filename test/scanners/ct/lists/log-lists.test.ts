import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ctConfig } from '../../../../scanners/ct/config.js';
import type { HttpClient } from '../../../../scanners/ct/read/http.js';
import { createHttpClient } from '../../../../scanners/ct/read/http-client.js';
import { createLogListSource } from '../../../../scanners/ct/lists/log-lists.js';
import { selectLogs } from '../../../../scanners/ct/lists/select-logs.js';
import { parseLogList, type LogList } from '../../../../src/ct/log-list.js';
import { makeLogSigner } from '../../../support/ct-log-head.js';

const signer = makeLogSigner();
const log = (url: string, extra = {}): Record<string, unknown> => ({
  description: `Log at ${url}`,
  key: signer.key,
  log_id: signer.logId,
  url,
  mmd: 86_400,
  state: { usable: { timestamp: '2026-01-01T00:00:00Z' } },
  ...extra,
});
const listText = (...logs: Record<string, unknown>[]): string =>
  JSON.stringify({
    version: '5',
    log_list_timestamp: '2026-11-01T00:00:00Z',
    operators: [{ name: 'Op', logs }],
  });

/** Another log's key and id. */
function otherKey(): Record<string, unknown> {
  const { key, logId } = makeLogSigner();
  return { key, log_id: logId };
}

let folder = '';
let http: HttpClient;
let url = '';
let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
const server = createServer((request, response) => answer(request, response));
const signal = new AbortController().signal;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-lists-'));
  http = createHttpClient({ userAgent: 'test', connectMs: 2000, requestMs: 5000 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list.json`;
});
after(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const source = (
  options: { source: string; publicKey?: string; signature?: string },
  keep: string | null = null,
) => createLogListSource({ publicKey: null, signature: null, ...options }, http, keep);

describe('a log list', () => {
  it('is read from a file, given as path or as URL, again whenever it is asked for', async () => {
    const path = join(folder, 'list.json');
    for (const name of [path, `file://${path}`]) {
      await writeFile(path, listText(log('http://127.0.0.1:1/')));
      const list = source({ source: name });
      assert.equal((await list.refresh(signal)).list?.logs[0]?.url, 'http://127.0.0.1:1/');
      await writeFile(path, listText(log('http://127.0.0.1:2/')));
      assert.equal((await list.refresh(signal)).list?.logs[0]?.url, 'http://127.0.0.1:2/');
    }
  });

  it('is fetched once and then only when it changed', async () => {
    const asked: (string | undefined)[] = [];
    answer = (request, response) => {
      asked.push(request.headers['if-none-match']);
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"' }).end(listText(log('http://127.0.0.1:1/')));
    };
    const list = source({ source: url });
    for (let round = 0; round < 2; round += 1)
      assert.equal((await list.refresh(signal)).list?.logs.length, 1);
    assert.deepEqual(asked, [undefined, '"1"']);
  });

  it('whose copy cannot be kept is used all the same, reported, and fetched whole again until it can', async () => {
    const asked: (string | undefined)[] = [];
    answer = (request, response) => {
      asked.push(request.headers['if-none-match']);
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"' }).end(listText(log('http://127.0.0.1:1/')));
    };
    const keep = join(folder, 'in-the-way');
    await writeFile(keep, 'a file where the folder should be');
    const list = source({ source: url }, keep);
    for (let round = 0; round < 2; round += 1) {
      const state = await list.refresh(signal);
      assert.equal(state.list?.logs.length, 1);
      assert.match(String(state.error), /EEXIST|ENOTDIR/);
    }
    await rm(keep);
    assert.equal((await list.refresh(signal)).error, null);
    assert.equal((await list.refresh(signal)).list?.logs.length, 1);
    assert.deepEqual(asked, [undefined, undefined, undefined, '"1"']);
    answer = (_request, response) => response.destroy();
    assert.equal((await source({ source: url }, keep).refresh(signal)).list?.logs.length, 1);
  });

  it('that cannot be had leaves the last good one, also over a restart, and says why', async () => {
    answer = (_request, response) => response.end(listText(log('http://127.0.0.1:1/')));
    const keep = join(folder, 'kept');
    await source({ source: url }, keep).refresh(signal);
    for (const broken of [
      (_request: IncomingMessage, response: ServerResponse) => response.writeHead(500).end(),
      (_request: IncomingMessage, response: ServerResponse) => response.end('<html>'),
      (_request: IncomingMessage, response: ServerResponse) => response.destroy(),
    ]) {
      answer = broken;
      const state = await source({ source: url }, keep).refresh(signal);
      assert.equal(state.list?.logs.length, 1);
      assert.notEqual(state.error, null);
    }
    const never = await source({ source: url }, null).refresh(signal);
    assert.equal(never.list, null);
  });

  it('that names no log, or says that nothing changed when nothing was had, is none', async () => {
    answer = (_request, response) => response.writeHead(304).end();
    const list = source({ source: url });
    const first = await list.refresh(signal);
    assert.deepEqual([first.list, /304/.test(first.error ?? '')], [null, true]);
    answer = (_request, response) => response.end(listText(log('http://127.0.0.1:1/')));
    assert.equal((await list.refresh(signal)).error, null);
    for (const empty of [listText(), listText(log('ftp://127.0.0.1/'))]) {
      answer = (_request, response) => response.end(empty);
      const state = await list.refresh(signal);
      assert.match(state.error ?? '', /names no log/);
      assert.equal(state.list?.logs.length, 1);
    }
  });

  it('that came over HTTPS names no log over plain HTTP, when it is read from its copy either', async () => {
    const keep = join(folder, 'kept-https');
    const listUrl = 'https://127.0.0.1:1/list.json';
    const text = listText(log('http://127.0.0.1:1/'), log('https://127.0.0.1:1/', otherKey()));
    const served: HttpClient = {
      get: async () => ({
        status: 200,
        etag: null,
        lastModified: null,
        body: Buffer.from(text),
        encoding: 'identity',
      }),
      close: () => Promise.resolve(),
    };
    const options = { source: listUrl, publicKey: null, signature: null };
    const first = await createLogListSource(options, served, keep).refresh(signal);
    const second = await createLogListSource(options, http, keep).refresh(signal);
    assert.notEqual(second.error, null);
    for (const { list } of [first, second])
      assert.deepEqual(
        list?.logs.map((known) => known.url),
        ['https://127.0.0.1:1/'],
      );
  });

  it('is believed only with a good signature where a key is configured', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = join(folder, 'key.pem');
    await writeFile(key, publicKey.export({ type: 'spki', format: 'pem' }));
    const good = listText(log('http://127.0.0.1:1/'));
    let text = good;
    answer = (request, response) =>
      response.end(request.url === '/list.sig' ? sign('sha256', Buffer.from(good), privateKey) : text);
    const list = source({ source: url, publicKey: key });
    assert.equal((await list.refresh(signal)).error, null);
    text = listText(log('http://127.0.0.1:2/'));
    const state = await list.refresh(signal);
    assert.match(state.error ?? '', /signature in .*list\.sig does not verify/);
    assert.equal(state.list?.logs[0]?.url, 'http://127.0.0.1:1/');
  });
});

describe('the logs followed', () => {
  const config = (settings = {}) => ctConfig.parse(settings);
  const lists = (...texts: string[]): LogList[] => texts.map((text) => parseLogList(Buffer.from(text)));
  const other = makeLogSigner();
  const otherLog = (extra = {}): Record<string, unknown> =>
    log('https://b.test/', { key: other.key, log_id: other.logId, description: 'B', ...extra });

  it('are those of all lists together, each once, the first list winning', () => {
    const all = selectLogs(
      lists(listText(log('https://a.test/')), listText(log('https://x.test/'), otherLog())),
      config(),
    );
    assert.deepEqual(
      all.map((info) => info.url),
      ['https://a.test/', 'https://b.test/'],
    );
  });

  for (const [state, followed] of [
    [{ usable: {} }, true],
    [{ qualified: {} }, true],
    [{ readonly: {} }, true],
    [undefined, true],
    [{ retired: {} }, false],
    [{ rejected: {} }, false],
    [{ pending: {} }, false],
  ] as const)
    it(`${followed ? 'hold' : 'do not hold'} a log of state ${JSON.stringify(state)}`, () => {
      assert.equal(
        selectLogs(lists(listText(log('https://a.test/', { state }))), config()).length,
        followed ? 1 : 0,
      );
    });

  it('hold no log without a state of all_logs_list, and no placeholder', () => {
    const text = listText(log('https://a.test/', { state: undefined }));
    assert.deepEqual(selectLogs(lists(text.replace('{', '{"is_all_logs":true,')), config()), []);
    const bogus = log('https://real.test/', { description: 'Bogus placeholder log' });
    assert.deepEqual(selectLogs(lists(listText(bogus)), config()), []);
  });

  it('hold extra logs of the configuration, and not those switched off', () => {
    const extra = {
      description: 'Extra',
      key: other.key,
      submissionUrl: 'https://s.test/',
      monitoringUrl: 'http://127.0.0.1:9',
    };
    const [info] = selectLogs([], config({ extraLogs: [extra] }));
    assert.deepEqual(
      [info?.protocol, info?.url, info?.origin],
      ['static-ct', 'http://127.0.0.1:9/', 's.test'],
    );
    for (const key of [signer.logId, 'Log at https://a.test/'])
      assert.deepEqual(
        selectLogs(lists(listText(log('https://a.test/'))), config({ logs: { [key]: { enabled: false } } })),
        [],
      );
    assert.throws(
      () => config({ extraLogs: [{ description: 'Extra', key: 'AAAA', url: 'https://x.test' }] }),
      /log key/,
    );
  });
});
