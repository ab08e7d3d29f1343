import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pLimit from 'p-limit';
import type { Api } from '../../src/api/server.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { ctEntry, delivery, embeddedConfig, finding, log, observation, position } from '../store/sample.js';
import { temporaryFolder } from '../store/sample.js';
import { injectionStrings } from './injection-strings.js';
import { api } from './parts.js';

interface Route {
  readonly url: string;
  readonly names: readonly string[];
}

/** One of seventeen of the strings, another one for each start. */
function someOf(start: number): readonly string[] {
  return injectionStrings.filter((_text, index) => (index + start) % 17 === 0);
}

/** How many requests of a route carry strings that reach the database, a different one in each parameter. */
const requestsPerRoute = 12;

describe('500 strings that break out of statements', { timeout: 120_000 }, () => {
  let store: OpenStore;
  let app: Api;
  let routes: readonly Route[] = [];

  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    const hosts = ['a.example.com', 'b.example.com'];
    await store.writeObservations(hosts.map((host) => observation(host)));
    await store.writeFindings(hosts.map((host) => finding(host)));
    await store.writeCtEntries([ctEntry('a.example.com', 7)]);
    await store.writeCtPosition(position());
    await store.writeDeliveries([delivery('email', 'a.example.com')]);
    app = await api(
      { requestsPerSecond: 100_000, maxConcurrentRequests: 100 },
      { reader: store.reader, health: () => store.health() },
    );
    await app.ready();
    routes = Object.entries(app.swagger().paths ?? {}).flatMap(([url, operations]) => {
      const parameters = (operations?.get?.parameters ?? []) as readonly { in: string; name: string }[];
      const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
      // What streams or leaves the API is asked elsewhere; `limit` is a number and `format` a word.
      if (names.length === 0 || url.includes('{') || /events|oidc|probe/.test(url)) return [];
      return [{ url, names: names.filter((name) => name !== 'format') }];
    });
  });
  after(async () => {
    await app?.close();
    await store?.close();
  });

  const ask = async (url: string, query: Readonly<Record<string, string>>): Promise<number> => {
    const path = `${url}?${new URLSearchParams(query).toString()}`;
    const { statusCode, body, headers } = await app.inject({ url: path, headers: { host: 'localhost' } });
    assert.ok(
      statusCode === 200 || statusCode === 400 || statusCode === 414 || statusCode === 431,
      `${statusCode} ${path} ${body.slice(0, 300)}`,
    );
    assert.doesNotMatch(body, /DB::Exception|ClickHouse/, path);
    assert.equal(headers['x-injected'], undefined, path);
    return statusCode;
  };
  const everything = async (): Promise<unknown> => {
    const urls = ['findings', 'certificates', 'endpoints', 'deliveries', 'audit', 'ct/logs'];
    const answers = await Promise.all(urls.map((url) => app.inject(`/api/v1/${url}?limit=1000`)));
    return answers.map((answer) => answer.json<{ items: unknown[] }>().items.length);
  };

  it('are texts like any other in every filter, sort and cursor of every list', async () => {
    assert.ok(
      injectionStrings.length >= 500 && routes.length >= 10,
      `${injectionStrings.length} ${routes.length}`,
    );
    const counts = await everything();
    const lanes = pLimit(4);
    let asked = 0;
    for (const { url, names } of routes) {
      const free: string[] = [];
      for (const name of names) {
        const isFree = (await ask(url, { [name]: "it's; text" })) === 200;
        if (isFree) free.push(name);
        // What is checked before it reaches anything: all of them are refused, or read as what they happen to be.
        else for (const text of someOf(asked)) await ask(url, { [name]: text });
        asked += isFree ? 1 : 30;
      }
      if (free.length === 0) continue;
      await Promise.all(
        Array.from({ length: requestsPerRoute }, (_, turn) =>
          lanes(async () => {
            const text = (index: number): string =>
              injectionStrings[(turn * free.length + index) % injectionStrings.length] ?? '';
            asked += 1;
            await ask(url, Object.fromEntries(free.map((name, index) => [name, text(index)])));
          }),
        ),
      );
    }
    assert.ok(asked > 1_000, String(asked));
    assert.deepEqual(await everything(), counts);
  });
});
