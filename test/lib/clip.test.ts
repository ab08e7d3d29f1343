import assert from 'node:assert/strict';
import { it } from 'node:test';
import { clip, clipText } from '../../src/lib/clip.js';

it('keeps what is small as it is', () => {
  const value = { text: 'a', list: [1, 2.5, true, null], nested: { deep: ['x'] } };
  assert.deepEqual(clip(value), value);
});

it('keeps a list of 20 and cuts one of 21', () => {
  const list = Array.from({ length: 21 }, (_, index) => index);
  assert.deepEqual(clip(list.slice(0, 20)), list.slice(0, 20));
  assert.deepEqual(clip(list), [...list.slice(0, 20), '... and 1 more']);
});

it('keeps a text of 400 characters and cuts one of 401 to 400', () => {
  assert.equal(clip('a'.repeat(400)), 'a'.repeat(400));
  assert.equal(clip('a'.repeat(401)), `${'a'.repeat(397)}...`);
});

it('never leaves half of a surrogate pair', () => {
  for (let length = 3; length < 12; length += 1)
    assert.doesNotMatch(clipText('a💥💥💥💥💥💥', length), /[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
});

it('gives dates, big integers and what JSON cannot say a form', () => {
  assert.deepEqual(clip([new Date(0), new Date(NaN), 12n, NaN, Infinity, undefined, () => 0, Symbol('x')]), [
    '1970-01-01T00:00:00.000Z',
    null,
    '12',
    null,
    null,
    null,
    null,
    null,
  ]);
});

it('ends on something that contains itself', () => {
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  assert.match(JSON.stringify(clip(loop)), /"\.\.\."/);
});
