import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { buildApi } from '../../src/api/build.js';
import { apiConfig } from '../../src/api/config.js';
import type { PushedInventory } from '../../src/api/routes.js';
import { parts, secrets, tokens } from './parts.js';

describe('POST /api/v1/inventory/{source}', () => {
  async function post(
    url: string,
    body: string | Buffer,
    token: string | null,
    contentType = 'application/x-pem-file',
  ) {
    const pushed: PushedInventory[] = [];
    const base = parts();
    const actions = {
      ...base.actions,
      async pushInventory(one: PushedInventory) {
        pushed.push(one);
        return one.content.length === 0
          ? 'there is nothing in it'
          : { source: `push:${one.source}`, accepted: 1, total: 3 };
      },
    };
    const app = await buildApi(apiConfig.parse({ tokens }), { ...base, actions }, pino({ level: 'silent' }));
    const headers = {
      'content-type': contentType,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    const answer = await app.inject({ method: 'POST', url, payload: body, headers });
    await app.close();
    return { status: answer.statusCode, json: answer.json<Record<string, unknown>>(), pushed };
  }

  for (const contentType of [
    'application/x-pem-file',
    'application/json',
    'text/plain',
    'application/octet-stream',
  ])
    it(`takes the body as it is, sent as ${contentType}`, async () => {
      const body = Buffer.from([0x30, 0x82, 0xff, 0x00]);
      const { status, json, pushed } = await post(
        '/api/v1/inventory/ci.prod-1',
        body,
        secrets.operator,
        contentType,
      );
      assert.equal(status, 200, JSON.stringify(json));
      assert.deepEqual(json, { source: 'push:ci.prod-1', accepted: 1, total: 3 });
      assert.deepEqual(Buffer.from(pushed[0]!.content), body);
    });
  it('passes on who owns it', async () => {
    const url = '/api/v1/inventory/ci?owner=web&environment=prod&tag=a&tag=b&replace=true';
    const { pushed } = await post(url, 'x', secrets.admin);
    const [{ owner, environment, tags, replace } = {} as PushedInventory] = pushed;
    assert.deepEqual([owner, environment, tags, replace], ['web', 'prod', ['a', 'b'], true]);
  });
  it('refuses readers, strangers and odd names', async () => {
    assert.equal((await post('/api/v1/inventory/ci', 'x', secrets.reader)).status, 403);
    assert.equal((await post('/api/v1/inventory/ci', 'x', null)).status, 401);
    assert.equal((await post('/api/v1/inventory/a%20b', 'x', secrets.operator)).status, 400);
  });
  it('says what is wrong with the body', async () => {
    const { status, json } = await post('/api/v1/inventory/ci', '', secrets.operator);
    assert.deepEqual([status, json['detail']], [422, 'there is nothing in it']);
  });
});
