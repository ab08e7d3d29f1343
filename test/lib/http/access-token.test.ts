import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTokenSource } from '../../../src/lib/http/access-token.js';

const { signal } = new AbortController();

describe('createTokenSource', () => {
  function source(lifetimeMs: number | null) {
    let now = 0;
    let fetched = 0;
    const tokens = createTokenSource(
      async () => ({
        value: `token ${(fetched += 1)}`,
        expiresAt: lifetimeMs === null ? null : new Date(now + lifetimeMs),
      }),
      () => new Date(now),
    );
    return { tokens, at: (ms: number) => (now = ms), fetched: () => fetched };
  }

  it('keeps a token until a minute before its end', async () => {
    const { tokens, at } = source(3_600_000);
    assert.equal(await tokens.get(signal), 'token 1');
    at(3_539_999);
    assert.equal(await tokens.get(signal), 'token 1');
    at(3_540_000);
    assert.equal(await tokens.get(signal), 'token 2');
  });
  it('keeps a short-lived token for nine tenths of its life', async () => {
    const { tokens, at, fetched } = source(10_000);
    await tokens.get(signal);
    at(8_999);
    await tokens.get(signal);
    assert.equal(fetched(), 1);
    at(9_000);
    assert.equal(await tokens.get(signal), 'token 2');
  });
  it('keeps a token without an end', async () => {
    const { tokens, at } = source(null);
    await tokens.get(signal);
    at(1e15);
    assert.equal(await tokens.get(signal), 'token 1');
  });
  it('fetches once for many callers', async () => {
    const { tokens, fetched } = source(3_600_000);
    await Promise.all(Array.from({ length: 50 }, () => tokens.get(signal)));
    assert.equal(fetched(), 1);
  });
  it('fetches another after a refusal, once', async () => {
    const { tokens } = source(3_600_000);
    const first = await tokens.get(signal);
    tokens.refused(first);
    assert.equal(await tokens.get(signal), 'token 2');
    tokens.refused(first);
    assert.equal(await tokens.get(signal), 'token 2');
  });
  it('tries again after a failure', async () => {
    let turn = 0;
    const tokens = createTokenSource(async () => {
      if ((turn += 1) === 1) throw new Error('down');
      return { value: 'good', expiresAt: null };
    });
    await assert.rejects(tokens.get(signal), /down/);
    assert.equal(await tokens.get(signal), 'good');
  });
});
