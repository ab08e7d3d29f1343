import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { readFilters } from '../../src/cli/lists.js';
import { listRemote } from '../../src/cli/remote.js';

describe('lists of a running service', () => {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    if (query.has('nope')) {
      const errors = [{ in: 'querystring', path: '/nope', message: 'there is no such filter' }];
      response.writeHead(400).end(JSON.stringify({ detail: 'the request does not fit the schema', errors }));
      return;
    }
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(from + Number(query.get('limit')), 5);
    const items = Array.from({ length: to - from }, (_, n) => ({ n: from + n }));
    response.end(JSON.stringify({ items, nextCursor: to < 5 ? String(to) : null }));
  });
  before(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  after(() => server.close());

  const list = async (limit: number, filters = {}) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    let cut = false;
    let count = 0;
    const items = listRemote({ url, token: null }, 'findings', filters, limit, () => (cut = true));
    for await (const item of items) count += Number('n' in item);
    return [count, cut];
  };

  it('says when the limit cut the list, and only then', async () => {
    assert.deepEqual(await list(3), [3, true]);
    assert.deepEqual(await list(5), [5, false]);
    assert.deepEqual(await list(9), [5, false]);
  });

  it('says which filter the service refused, and why', () =>
    assert.rejects(list(3, { nope: '1' }), /does not fit the schema \(nope: there is no such filter\)$/));
});

describe('--filter', () => {
  it('takes alternatives with commas or by repeating the key, and several keys', () =>
    assert.deepEqual(readFilters(['rule=a,b', 'host=x', 'rule=c']), { rule: 'a,b,c', host: 'x' }));

  it('says how it is written', () =>
    assert.throws(() => readFilters(['rule']), /write key=value, for example rule=expired$/));
});
