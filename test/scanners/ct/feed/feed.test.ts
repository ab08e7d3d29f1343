import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import { ctConfig } from '../../../../scanners/ct/config.js';
import { listenToFeed } from '../../../../scanners/ct/feed/feed.js';
import { logAddress, readFeedMessage, type FeedHint } from '../../../../scanners/ct/feed/feed-message.js';
import { createHintDesk } from '../../../../scanners/ct/feed/hints.js';
import type { LogRun } from '../../../../scanners/ct/follow/log-run.js';
import { watchListOf } from '../../../../scanners/ct/match/watch-list.js';
import type { CtEntry } from '../../../../src/model/ct-entry.js';
import { issueFor } from '../../../support/pki.js';
import { damaged } from '../../../ct/shared.js';

const silent = pino({ level: 'silent' });
const der = issueFor('www.watched.test').der;
const message = (index: number, name = 'www.watched.test', url = 'https://log.test/2026/'): string =>
  JSON.stringify({
    message_type: 'certificate_update',
    data: {
      update_type: 'X509LogEntry',
      leaf_cert: { all_domains: [name], as_der: der.toString('base64') },
      cert_index: index,
      source: { url, name: 'Log' },
    },
  });

describe('a feed message', () => {
  it('of a full stream tells names, certificate and place', () => {
    assert.deepEqual(readFeedMessage(message(7)), {
      names: ['www.watched.test'],
      der,
      place: { url: 'log.test/2026', leafIndex: 7 },
    });
  });

  it('of the lite stream has no certificate, of domains-only no place', () => {
    assert.equal(readFeedMessage(message(7).replace(/,"as_der":"[^"]*"/, ''))?.der, null);
    const domains = readFeedMessage(JSON.stringify({ message_type: 'dns_entries', data: ['a.test', 7] }));
    assert.deepEqual(domains, { names: ['a.test'], der: null, place: null });
  });

  for (const text of [
    '',
    '[]',
    'null',
    '{"message_type":"heartbeat"}',
    '{"message_type":"certificate_update"}',
  ])
    it(`${JSON.stringify(text)} is none`, () => {
      assert.equal(readFeedMessage(text), null);
    });

  it('damaged in any way is a hint or none', () => {
    for (const copy of damaged(Buffer.from(message(7)), 2000, 41)) readFeedMessage(copy.toString('utf8'));
  });

  it('names a log whatever way its address is written', () => {
    assert.equal(logAddress('https://Log.Test/2026//'), logAddress('log.test/2026'));
  });
});

/** A feed server; `behave` is called with the number of the connection and its socket. */
async function feedServer(behave: (connection: number, socket: WebSocket) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  let connections = 0;
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    behave(connections++, socket);
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    connections: () => connections,
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Listens until a hint with `index` comes. */
async function listenFor(index: number, behave: (connection: number, socket: WebSocket) => void, times = {}) {
  const server = await feedServer(behave);
  const abort = new AbortController();
  const hints: FeedHint[] = [];
  const listening = listenToFeed(
    { url: server.url, userAgent: 'test', logger: silent, ...times },
    (hint) => {
      hints.push(hint);
      if (hint.place?.leafIndex === index) abort.abort(new Error('heard'));
    },
    abort.signal,
  );
  await Promise.race([
    listening,
    new Promise((_resolve, reject) => setTimeout(reject, 30_000, new Error('unheard')).unref()),
  ]);
  await server.close();
  return { hints, connections: server.connections() };
}

describe('L8: a feed', () => {
  for (const [name, spoil] of [
    ['closes', (socket: WebSocket) => socket.close()],
    ['is cut', (socket: WebSocket) => socket.terminate()],
    [
      'sends a message of 20 MB',
      (socket: WebSocket) => socket.send(Buffer.alloc(20_000_000, 0x20).toString()),
    ],
  ] as const)
    it(`that ${name} is connected to again`, { timeout: 40_000 }, async () => {
      const { connections } = await listenFor(1, (connection, socket) => {
        if (connection === 0) spoil(socket);
        else socket.send(message(1));
      });
      assert.equal(connections, 2);
    });

  it('that sends binary, broken and unknown messages is listened to all the same', async () => {
    const { hints } = await listenFor(2, (_connection, socket) => {
      socket.send(Buffer.from(message(1)), { binary: true });
      socket.send('{"message_type":');
      socket.send('{"message_type":"heartbeat"}');
      socket.send(message(2));
    });
    assert.equal(hints.length, 1);
  });

  it('is pinged, and left when it is silent', { timeout: 40_000 }, async () => {
    let pings = 0;
    const { connections } = await listenFor(
      3,
      (connection, socket) => {
        if (connection > 0) return void socket.send(message(3));
        socket.on('ping', () => (pings += 1));
        socket.pong = () => undefined;
        Reflect.set(socket, '_autoPong', false);
      },
      { pingMs: 20, silenceMs: 200 },
    );
    assert.ok(pings >= 2 && connections === 2, `${pings} pings, ${connections} connections`);
  });
});

describe('hints', () => {
  function desk(run: Partial<LogRun> | null) {
    const entries: CtEntry[] = [];
    const asked: number[] = [];
    const unfollowed: (readonly string[] | null)[] = [];
    const made = createHintDesk({
      watchList: watchListOf(ctConfig.parse({}).watch, ['watched.test']),
      lookAlikes: null,
      runAt: (address) =>
        run === null || address !== 'log.test/2026'
          ? null
          : ({ hint: async (index: number) => void asked.push(index), ...run } as LogRun),
      entries: async (batch) => void entries.push(...batch),
      unfollowed: async (address, hint) => {
        assert.equal(address, 'log.test/2026');
        unfollowed.push(hint?.names ?? null);
      },
      now: () => new Date(0),
      logger: silent,
      signal: new AbortController().signal,
    });
    return { made, entries, asked, unfollowed };
  }
  const hint = (text: string): FeedHint => readFeedMessage(text)!;

  it('that match are passed to their log, once each however often they are replayed', async () => {
    const { made, asked, entries } = desk({});
    for (const text of [message(1), message(1), message(2), message(3, 'other.test')]) made.take(hint(text));
    await made.idle();
    assert.deepEqual(asked, [1, 2]);
    assert.deepEqual(entries, []);
  });

  it('of a log nobody follows become unverified entries, if the certificate really matches', async () => {
    const { made, entries } = desk(null);
    made.take(hint(message(5)));
    await made.idle();
    assert.deepEqual(
      entries.map(({ logId, leafIndex, verified, matches }) => [
        logId,
        leafIndex,
        verified,
        matches[0]?.item,
      ]),
      [['feed:log.test/2026', 5, false, 'watched.test']],
    );
  });

  it('of a log nobody follows are reported where the feed sends no certificate', async () => {
    const { made, entries, unfollowed } = desk(null);
    const lite = (index: number, name: string): FeedHint =>
      hint(message(index, name).replace(/,"as_der":"[^"]*"/, ''));
    made.take(lite(5, 'www.watched.test'));
    made.take(lite(6, 'other.test'));
    await made.idle();
    assert.deepEqual(entries, []);
    assert.deepEqual(unfollowed, [['www.watched.test']]);
    const followed = desk({});
    followed.made.take(lite(5, 'www.watched.test'));
    await followed.made.idle();
    assert.deepEqual([followed.asked, followed.unfollowed], [[5], [null]]);
  });

  it('that lie about the names in their certificate become nothing', async () => {
    const { made, entries } = desk(null);
    const lie = { ...hint(message(6)), der: issueFor('harmless.test').der };
    made.take(lie);
    await made.idle();
    assert.deepEqual(entries, []);
  });

  it('in a flood are dropped, for the logs bring everything anyway; a failing log disturbs nobody', async () => {
    let asked = 0;
    const { made } = desk({
      hint: () => {
        asked += 1;
        return Promise.reject(new Error('away'));
      },
    });
    for (let index = 0; index < 5000; index += 1) made.take(hint(message(index)));
    await made.idle();
    assert.ok(asked > 0 && asked <= 256, String(asked));
  });
});
