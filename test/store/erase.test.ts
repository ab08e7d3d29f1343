import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEraseTarget } from '../../src/store/erase.js';

describe('what is to be erased', () => {
  for (const [text, target] of [
    ['a.example.com', { host: 'a.example.com' }],
    [' A.Example.COM. ', { host: 'a.example.com' }],
    ['bücher.example', { host: 'xn--bcher-kva.example' }],
    ['_sip.example', { host: '_sip.example' }],
    ['.example.com', { domain: 'example.com' }],
    ['*.Example.com', { domain: 'example.com' }],
    ['.BÜCHER.example', { domain: 'xn--bcher-kva.example' }],
    ['127.0.0.1', { host: '127.0.0.1' }],
    ['[2001:DB8:0:0::1]', { host: '2001:db8::1' }],
    ['::1', { host: '::1' }],
    ['fe80::1%lo', { host: 'fe80::1' }],
  ] as const)
    it(`is read from ${JSON.stringify(text)}`, () => assert.deepEqual(readEraseTarget(text), target));

  for (const text of [
    '',
    ' ',
    '.',
    '*.',
    '..',
    '*',
    'a b',
    'a..b',
    '%',
    'a|b',
    "'",
    'https://a.example',
    'a.example:443',
    '[',
    '\0',
  ])
    it(`is not ${JSON.stringify(text)}`, () =>
      assert.throws(() => readEraseTarget(text), /is neither a host/));
});
