import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostUnwellError } from '../../../src/lib/http/errors.js';
import { distinct, pages } from '../../../src/lib/http/pages.js';
import { collect } from '../../support/collect.js';

interface Page {
  readonly items: readonly number[];
  readonly next?: string | null;
}
const { signal } = new AbortController();

function through(script: readonly Page[], maxPages?: number) {
  let turn = 0;
  const paging = {
    first: '',
    fetch: async (): Promise<Page> => script[turn++] ?? { items: [] },
    next: (page: Page) => page.next ?? null,
    ...(maxPages === undefined ? {} : { maxPages }),
  };
  return collect(pages(paging, signal));
}

describe('pages', () => {
  it('goes to the end', async () => {
    const script = [{ items: [1], next: 'b' }, { items: [2], next: 'c' }, { items: [3] }];
    assert.deepEqual(await through(script), script);
  });
  it('takes one page without a cursor, and an empty one, for the whole', async () => {
    assert.equal((await through([{ items: [] }])).length, 1);
  });
  it('fetches the first page of a listing that begins without a cursor', async () => {
    const paging = {
      first: null as string | null,
      fetch: async (cursor: string | null) => ({ cursor }),
      next: (_page: unknown, cursor: string | null) => (cursor === null ? 'b' : null),
    };
    assert.deepEqual(await collect(pages(paging, signal)), [{ cursor: null }, { cursor: 'b' }]);
  });
  it('goes on over empty pages that have a cursor', async () => {
    assert.equal(
      (await through([{ items: [], next: 'b' }, { items: [], next: 'c' }, { items: [1] }])).length,
      3,
    );
  });
  for (const [name, script] of Object.entries({
    'a cursor that leads to itself': [
      { items: [1], next: 'b' },
      { items: [2], next: 'b' },
    ],
    'a cursor that leads back': [
      { items: [1], next: 'b' },
      { items: [2], next: 'c' },
      { items: [3], next: 'b' },
    ],
  } satisfies Record<string, Page[]>))
    it(`stops at ${name}`, () => assert.rejects(through(script), /repeats a page cursor/));
  it('stops where an offset is ignored', async () => {
    let asked = 0;
    const paging = {
      first: 0,
      async fetch() {
        asked += 1;
        return { items: [1, 2, 3] };
      },
      next: (_page: unknown, offset: number) => offset + 3,
    };
    await assert.rejects(collect(pages(paging, signal)), HostUnwellError);
    assert.equal(asked, 2);
  });
  it('stops after too many pages', async () => {
    const endless = Array.from({ length: 20 }, (_, n) => ({ items: [n], next: `after ${n}` }));
    await assert.rejects(through(endless, 10), /more than 10 pages/);
  });
  it('ends when it is aborted', async () => {
    const abort = new AbortController();
    const paging = {
      first: 0,
      async fetch(cursor: number) {
        if (cursor === 2) abort.abort(new Error('enough'));
        return { cursor };
      },
      next: (_page: unknown, cursor: number) => cursor + 1,
    };
    await assert.rejects(collect(pages(paging, abort.signal)), /enough/);
  });
});

it('distinct gives the first of those with the same id', async () => {
  async function* items() {
    yield { id: 'a', n: 1 };
    yield { id: 'b', n: 2 };
    yield { id: 'a', n: 3 };
  }
  assert.deepEqual(
    (await collect(distinct(items(), ({ id }) => id))).map(({ n }) => n),
    [1, 2],
  );
});
