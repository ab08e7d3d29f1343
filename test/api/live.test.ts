import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { createToken, openCredentials } from '../../src/api/access/credentials.js';
import { apiConfig } from '../../src/api/config.js';
import { listen } from '../../src/api/listen.js';
import type { Api } from '../../src/api/server.js';
import { EventLog } from '../../src/lib/event-log.js';
import type { LiveEvent } from '../../src/model/live-event.js';
import { certificate, ctEntry, delivery, finding, position, temporaryFolder } from '../store/sample.js';
import { api, bearer, secrets, tokens } from './parts.js';

/** Everything a socket sends, as it comes. */
class Heard {
  readonly #waiting: ((message: Record<string, unknown>) => void)[] = [];
  readonly #messages: Record<string, unknown>[] = [];

  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Record<string, unknown>;
      const next = this.#waiting.shift();
      if (next === undefined) this.#messages.push(message);
      else next(message);
    });
  }

  next(): Promise<Record<string, unknown>> {
    const first = this.#messages.shift();
    return first === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(first);
  }
}

describe('live events', () => {
  const events = new EventLog<LiveEvent>(100);
  const dataDir = temporaryFolder();
  const limited = createToken(
    openCredentials(dataDir, assert.fail),
    {
      name: 'limited',
      role: 'reader',
      scope: { domains: ['example.com'], tags: [] },
      expiresAt: null,
      createdBy: 'test',
    },
    new Date(),
  ).secret;
  let app: Api;
  let url = '';
  before(async () => {
    app = await api({ tokens }, { events, dataDir });
    url = await listen(app, apiConfig.parse({ port: 0 }));
  });
  after(() => app.close());

  const connect = async (
    path: string,
    token: string = secrets.reader,
    headers: Record<string, string> = {},
  ) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, {
      headers: { ...bearer(token), ...headers },
    });
    const heard = new Heard(socket);
    await once(socket, 'open');
    return heard;
  };
  const tell = (host: string, change: object = {}): void =>
    events.publish({ kind: 'finding', finding: finding(host, change) });

  it('reach a WebSocket that wants them, and are resumed by id', async () => {
    const heard = await connect('/api/v1/events?kind=finding&severity=error');
    const hello = await heard.next();
    assert.equal(hello['kind'], 'hello');
    tell('a.example.com', { severity: 'warning' });
    events.publish({ kind: 'delivery', delivery: delivery('email', '1') });
    tell('b.example.com');
    const message = await heard.next();
    assert.deepEqual(
      [message['kind'], (message['data'] as { host: string }).host],
      ['finding', 'b.example.com'],
    );
    heard.socket.terminate();
    tell('c.example.com');
    const again = await connect(`/api/v1/events?kind=finding&after=${String(message['id'])}`);
    assert.equal((await again.next())['kind'], 'hello');
    assert.equal(((await again.next())['data'] as { host: string }).host, 'c.example.com');
    again.socket.terminate();
    const late = await connect('/api/v1/events?after=other-1');
    assert.equal((await late.next())['kind'], 'reset');
    late.socket.terminate();
  });

  it('reach a limited credential about its domains alone', async () => {
    const heard = await connect('/api/v1/events', limited);
    await heard.next();
    tell('x.example.net');
    events.publish({ kind: 'ct-log', position: position() });
    tell('y.example.com');
    assert.equal(((await heard.next())['data'] as { host: string }).host, 'y.example.com');
    heard.socket.terminate();
  });

  it('come as server-sent events, resumed by the header of the standard', async () => {
    const start = events.lastId;
    tell('sse.example.com');
    const abort = new AbortController();
    const headers = { ...bearer(secrets.reader), 'last-event-id': start };
    const answer = await fetch(`${url}/api/v1/events?kind=finding`, { headers, signal: abort.signal });
    assert.match(String(answer.headers.get('content-type')), /^text\/event-stream/);
    let text = '';
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    while (!text.includes('sse.example.com')) text += (await reader.read()).value ?? '';
    assert.match(text, /^id: [0-9a-f]+-\d+\nevent: finding\ndata: \{"at":/m);
    abort.abort();
  });

  it('are refused without a credential, from another site and on other paths', async () => {
    for (const [path, headers, status] of [
      ['/api/v1/events', {}, 401],
      ['/api/v1/events', bearer('x'.repeat(30)), 401],
      ['/stream', {}, 401],
      ['/', {}, 401],
      ['/stream', { ...bearer(secrets.reader), origin: 'https://evil.example' }, 403],
      ['/stream', bearer(limited), 403],
      ['/other', bearer(secrets.reader), 404],
      ['/api/v1/events?kind=nothing', bearer(secrets.reader), 400],
    ] as const) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers });
      const [error] = (await once(socket, 'error')) as [Error];
      assert.match(error.message, new RegExp(`${status}$`), path);
    }
  });

  describe('in the manner of certstream', () => {
    const entry = ctEntry('new.example.com', 7, {
      entryType: 'precertificate',
      certificate: certificate('new.example.com', {
        subject: 'CN=new.example.com,O=Example\\, Inc.,C=DE',
        names: ['new.example.com', '*.new.example.com'],
      }),
    });
    const publish = (): void => {
      events.publish({ kind: 'ct-log', position: position() }, { keep: false });
      events.publish({ kind: 'ct-entry', entry }, { keep: false });
    };
    for (const path of ['/stream', '/', '/stream/', '/full-stream', '/stream/full-stream'])
      it(`sends certificates to ${path}`, async () => {
        const heard = await connect(path);
        publish();
        const { message_type: type, data } = await heard.next();
        assert.equal(type, 'certificate_update');
        const {
          update_type: kind,
          leaf_cert: leaf,
          cert_index: index,
          source,
        } = data as Record<string, Record<string, unknown>>;
        assert.deepEqual([kind, index], ['PrecertLogEntry', 7]);
        assert.deepEqual(leaf?.['all_domains'], ['new.example.com', '*.new.example.com']);
        assert.deepEqual(leaf?.['subject'], {
          ...{ C: 'DE', CN: 'new.example.com', L: null, O: 'Example, Inc.', OU: null, ST: null },
          aggregated: '/C=DE/CN=new.example.com/O=Example, Inc.',
        });
        assert.equal(typeof leaf?.['as_der'], path.includes('full') ? 'string' : 'undefined');
        assert.deepEqual(source, { name: 'Log A', url: 'https://log.example/' });
        heard.socket.terminate();
      });

    it('sends names alone to /domains-only', async () => {
      const heard = await connect('/domains-only');
      publish();
      assert.deepEqual(await heard.next(), { message_type: 'dns_entries', data: entry.certificate.names });
      heard.socket.terminate();
    });

    it('drops a client that does not read, and no other', async () => {
      const [slow, quick] = [await connect('/full-stream'), await connect('/full-stream')];
      const gone = once(slow.socket, 'close');
      slow.socket.pause();
      const big = { ...entry, certificate: certificate('big', { der: Buffer.alloc(1_000_000) }) };
      for (let sent = 0; sent < 64; sent += 1) {
        events.publish({ kind: 'ct-entry', entry: big }, { keep: false });
        await quick.next();
      }
      slow.socket.resume();
      assert.equal((await gone)[0], 1006);
      publish();
      assert.equal((await quick.next())['message_type'], 'certificate_update');
      quick.socket.terminate();
    });
  });
});
