import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QueryCache } from '../../src/console/api/query-cache.js';

/** A cache whose fetches the test answers. */
function scripted(maxIdle = 50) {
  const open: {
    path: string;
    signal: AbortSignal;
    answer: (data: unknown) => void;
    fail: (error: Error) => void;
  }[] = [];
  const cache = new QueryCache(
    (path, signal) => new Promise((answer, fail) => open.push({ path, signal, answer, fail })),
    maxIdle,
    () => new Date(0),
  );
  return { cache, open };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the cache of answers', () => {
  it('loads a path once for all that show it', async () => {
    const { cache, open } = scripted();
    let told = 0;
    cache.subscribe('/a', () => (told += 1));
    cache.subscribe('/a', () => (told += 1));
    assert.equal(open.length, 1);
    assert.equal(cache.peek('/a').loading, true);
    open[0]?.answer({ x: 1 });
    await settled();
    assert.deepEqual(cache.peek('/a'), { data: { x: 1 }, error: null, loading: false, at: new Date(0) });
    assert.ok(told >= 2);
  });

  it('keeps old data while new data loads, and when loading fails', async () => {
    const { cache, open } = scripted();
    cache.subscribe('/a', () => undefined);
    open[0]?.answer('old');
    await settled();
    cache.invalidate('/a');
    assert.deepEqual([cache.peek('/a').data, cache.peek('/a').loading], ['old', true]);
    open[1]?.fail(new Error('no'));
    await settled();
    const { data, error, loading } = cache.peek('/a');
    assert.deepEqual([data, error?.message, loading], ['old', 'no', false]);
  });

  it('takes the answer of the last load only', async () => {
    const { cache, open } = scripted();
    cache.subscribe('/a', () => undefined);
    cache.invalidate('/');
    assert.equal(open[0]?.signal.aborted, true);
    open[1]?.answer('second');
    await settled();
    open[0]?.answer('first, too late');
    await settled();
    assert.equal(cache.peek('/a').data, 'second');
  });

  it('ends a load that nothing shows any more, and says nothing of it', async () => {
    const { cache, open } = scripted();
    let told = 0;
    const leave = cache.subscribe('/a', () => (told += 1));
    const before = told;
    leave();
    assert.equal(open[0]?.signal.aborted, true);
    open[0]?.fail(new Error('aborted'));
    await settled();
    assert.equal(told, before);
  });

  it('forgets on a change what is not shown, and loads what is', async () => {
    const { cache, open } = scripted();
    cache.subscribe('/v1/a', () => undefined)();
    cache.subscribe('/v1/b', () => undefined);
    open[1]?.answer(1);
    await settled();
    cache.invalidate('/v1/');
    assert.deepEqual(
      open.map(({ path }) => path),
      ['/v1/a', '/v1/b', '/v1/b'],
    );
  });

  it('keeps a bounded number of paths that nothing shows', async () => {
    const { cache, open } = scripted(2);
    for (const path of ['/1', '/2', '/3']) {
      const leave = cache.subscribe(path, () => undefined);
      open.at(-1)?.answer(path);
      await settled();
      leave();
    }
    assert.deepEqual(
      ['/1', '/2', '/3'].map((path) => cache.peek(path).data),
      [undefined, '/2', '/3'],
    );
  });
});
