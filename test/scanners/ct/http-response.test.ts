import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpSyntaxError, ResponseReader } from '../../../scanners/ct/http-response.js';
import { damaged } from '../../ct/shared.js';

const head = (text: string): string => text.replaceAll('\n', '\r\n');

/** The answer read in pieces of `size` bytes: status, body, done, reusable. */
function read(text: string | Buffer, size = 1e6, ended = false): unknown[] {
  const reader = new ResponseReader((_head, bytes) => {
    if (bytes > 1000) throw new Error('too large');
    return 1000;
  });
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) reader.take(Buffer.from(bytes.subarray(at, at + size)));
  if (ended) reader.end();
  const body = reader.done ? reader.body().toString('latin1') : null;
  return [reader.head?.status ?? null, body, reader.done, reader.reusable];
}

const good: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['a length', head('HTTP/1.1 200 OK\nContent-Length: 5\n\n') + 'hello', [200, 'hello', true, true]],
  ['no body', head('HTTP/1.1 200 OK\nContent-Length: 0\n\n'), [200, '', true, true]],
  ['line feeds alone', 'HTTP/1.1 200\ncontent-length:5\n\nhello', [200, 'hello', true, true]],
  [
    'the same length twice',
    head('HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 5\n\n') + 'hello',
    [200, 'hello', true, true],
  ],
  [
    'chunks, with extensions and a trailer',
    head('HTTP/1.1 200 OK\nTransfer-Encoding: Chunked\n\n3;x=1\nhel\n2\nlo\n0\nx: y\n\n'),
    [200, 'hello', true, true],
  ],
  ['chunks of nothing', head('HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n0\n\n'), [200, '', true, true]],
  [
    'chunks and a length, which is not trusted further',
    head('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 3\n\n5\nhello\n0\n\n'),
    [200, 'hello', true, false],
  ],
  [
    'a connection that is closed',
    head('HTTP/1.1 200 OK\nConnection: Close\nContent-Length: 1\n\n') + 'x',
    [200, 'x', true, false],
  ],
  ['HTTP/1.0', head('HTTP/1.0 200 OK\nContent-Length: 1\n\n') + 'x', [200, 'x', true, false]],
  ['304', head('HTTP/1.1 304 Not Modified\nContent-Length: 7\n\n'), [304, '', true, true]],
  [
    'interim answers before',
    head('HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nlink: x\n\nHTTP/1.1 204 No\n\n'),
    [204, '', true, true],
  ],
  [
    'more than the answer',
    head('HTTP/1.1 200 OK\nContent-Length: 2\n\n') + 'hello',
    [200, 'he', true, false],
  ],
  ['no end yet', head('HTTP/1.1 200 OK\nContent-Length: 9\n\n') + 'hello', [200, null, false, true]],
];

const bad: readonly (readonly [string, string])[] = [
  ['another protocol', 'SSH-2.0-x\r\n'],
  ['HTTP/2', head('HTTP/2 200 OK\n\n')],
  ['a status of four digits', head('HTTP/1.1 2000 OK\n\n')],
  ['a field without a name', head('HTTP/1.1 200 OK\n: x\n\n')],
  ['a folded field', head('HTTP/1.1 200 OK\na: b\n c\n\n')],
  ['a space before the colon', head('HTTP/1.1 200 OK\nContent-Length : 5\n\n')],
  ['two lengths', head('HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6\n\n')],
  ['a negative length', head('HTTP/1.1 200 OK\nContent-Length: -5\n\n')],
  ['a length with a sign', head('HTTP/1.1 200 OK\nContent-Length: +5\n\n')],
  ['an unknown coding', head('HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n')],
  ['a chunk without a size', head('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n\n')],
  ['a negative chunk', head('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n-1\n')],
  ['a chunk longer than it says', head('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhello\n')],
  ['a change of protocol', head('HTTP/1.1 101 Switching\n\n')],
  ['an endless head', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}`],
  ['an endless line', `HTTP/1.1 200 ${'x'.repeat(100_000)}`],
  [
    'crumbs',
    `${head('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n')}${'0000000001\r\nx\r\n'.repeat(900)}${'1\r\nx\r\n'.repeat(20_000)}`,
  ],
];

describe('an HTTP answer', () => {
  for (const [name, text, expected] of good)
    it(`is read with ${name}, however its bytes come`, () => {
      for (const size of [1, 2, 3, 7, 1e6]) assert.deepEqual(read(text, size), expected);
    });

  it('without a length ends with the connection', () => {
    const text = head('HTTP/1.1 200 OK\n\n') + 'hello';
    assert.deepEqual(read(text, 3, false), [200, null, false, false]);
    assert.deepEqual(read(text, 3, true), [200, 'hello', true, false]);
  });

  it('cut off is not taken for complete when the connection ends', () => {
    for (const [, text] of good.slice(0, 1))
      for (let length = 0; length < text.length; length += 1)
        assert.equal(read(text.slice(0, length), 1e6, true)[2], false);
  });

  for (const [name, text] of bad)
    it(`is refused with ${name}`, () => {
      for (const size of [5, 1e6])
        assert.throws(
          () => read(text, size),
          (error) => error instanceof HttpSyntaxError || (name === 'crumbs' && /too large/.test(String(error))),
        );
    });

  it('is measured while it comes', () => {
    const chunk = `3e8\r\n${'x'.repeat(1000)}\r\n`;
    assert.throws(
      () => read(`${head('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n')}${chunk}1\r\nx`),
      /too large/,
    );
    assert.throws(() => read(head('HTTP/1.1 200 OK\nContent-Length: 1001\n\n')), /too large/);
  });

  it('damaged in any way is read or refused', () => {
    for (const [, text] of good)
      for (const copy of damaged(Buffer.from(text, 'latin1'), 200, 7))
        try {
          read(copy, 5, true);
        } catch (error) {
          assert.ok(error instanceof HttpSyntaxError || /too large/.test(String(error)), String(error));
        }
  });
});
