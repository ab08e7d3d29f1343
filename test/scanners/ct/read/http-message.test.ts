import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerParser } from '../../../../scanners/ct/read/http-message.js';
import { MalformedError } from '../../../../src/ct/bytes.js';
import { damaged, seeded } from '../../../ct/shared.js';

interface Heard {
  status: number;
  fields: Record<string, string>;
  body: string;
  ended: number;
  reusable: boolean;
}

/** Feeds `text` in pieces of `size` bytes, then closes the connection where `close` says so. */
function parse(text: string, size: number, close = false): Heard {
  const heard: Heard = { status: 0, fields: {}, body: '', ended: 0, reusable: false };
  const parser = new AnswerParser({
    head: (status, fields) => Object.assign(heard, { status, fields: Object.fromEntries(fields) }),
    body: (bytes) => (heard.body += bytes.toString('latin1')),
    end: () => (heard.ended += 1),
  });
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
  if (close) parser.close();
  return Object.assign(heard, { reusable: parser.isReusable });
}

const ok = 'HTTP/1.1 200 OK\r\n';

describe('an HTTP answer', () => {
  const good: readonly (readonly [string, string, Partial<Heard>])[] = [
    ['of a stated length', `${ok}Content-Length: 5\r\n\r\nhello`, { body: 'hello', reusable: true }],
    ['of no length at all', `${ok}content-length:0\r\n\r\n`, { body: '', reusable: true }],
    [
      'whose length is said twice',
      `${ok}content-length: 2\r\nContent-Length: 2\r\n\r\nhi`,
      { body: 'hi', reusable: true },
    ],
    ['without a reason', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', { reusable: true }],
    ['with bare line feeds', 'HTTP/1.1 200 OK\nA: b\ncontent-length: 1\n\nx', { body: 'x', reusable: true }],
    [
      'with a folded field',
      `${ok}a: b\r\n\t c\r\ncontent-length: 0\r\n\r\n`,
      { fields: { a: 'b c', 'content-length': '0' } },
    ],
    [
      'in chunks',
      `${ok}Transfer-Encoding: CHUNKED\r\n\r\n3\r\nhel\r\n2;x="y"\r\nlo\r\n0\r\nTrailer: t\r\n\r\n`,
      { body: 'hello', reusable: true },
    ],
    [
      'behind interim answers',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${ok}content-length: 1\r\n\r\nx`,
      { status: 200, body: 'x', fields: { 'content-length': '1' }, reusable: true },
    ],
    [
      '304, whatever its length says',
      'HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n',
      { status: 304, reusable: true },
    ],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx', { body: 'x', reusable: false }],
    [
      'of HTTP/1.0 that stays',
      'HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 1\r\n\r\nx',
      { body: 'x', reusable: true },
    ],
    [
      'that says good-bye',
      `${ok}connection: foo, Close\r\ncontent-length: 1\r\n\r\nx`,
      { body: 'x', reusable: false },
    ],
    ['with something behind it', `${ok}content-length: 1\r\n\r\nxyz`, { body: 'x', reusable: false }],
  ];
  for (const [name, text, expected] of good)
    it(`${name} is read, in pieces of any size`, () => {
      for (const size of [1, 2, 7, 1000]) {
        const heard = parse(text, size);
        assert.deepEqual({ ...heard, status: 200, ended: 1, ...expected }, heard);
      }
    });

  it('without a length ends with the connection, which is not used again', () => {
    const heard = parse('HTTP/1.0 200 OK\r\n\r\nhello', 3, true);
    assert.deepEqual([heard.body, heard.ended, heard.reusable], ['hello', 1, false]);
  });

  const bad: readonly (readonly [string, string])[] = [
    ['of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['of HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['that switches protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['framed in two ways', `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`],
    ['of two lengths', `${ok}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`],
    ['of a negative length', `${ok}content-length: -1\r\n\r\n`],
    ['of a length in hexadecimal', `${ok}content-length: 0x10\r\n\r\n`],
    ['in an unknown coding', `${ok}transfer-encoding: gzip, chunked\r\n\r\n`],
    ['with a chunk of no size', `${ok}transfer-encoding: chunked\r\n\r\nxyz\r\n`],
    ['with a chunk longer than its size', `${ok}transfer-encoding: chunked\r\n\r\n1\r\nxyz\r\n`],
    ['with a space before the colon', `${ok}a : b\r\n\r\n`],
    ['with a line that is no field', `${ok}nothing\r\n\r\n`],
    ['with a NUL in the head', `${ok}a: b\0c\r\n\r\n`],
    ['with a head without end', ok + 'a: b\r\n'.repeat(10_000)],
    ['with a line without end', `${ok}a: ${'x'.repeat(40_000)}`],
    ['with interim answers without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(2000)],
    [
      'with more framing than content',
      `${ok}transfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(10_000)}`,
    ],
    ['with trailers without end', `${ok}transfer-encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(10_000)}`],
  ];
  for (const [name, text] of bad)
    it(`${name} is refused`, () => {
      for (const size of [1, 1000, 100_000]) assert.throws(() => parse(text, size), MalformedError);
    });

  it('that is cut off is refused', () => {
    for (const text of [
      '',
      'HTTP/1.1 2',
      `${ok}content-length: 5\r\n\r\nhell`,
      `${ok}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`,
    ])
      assert.throws(() => parse(text, 1000, true), MalformedError);
  });

  it('that is damaged is read or refused, whatever it is cut into', () => {
    const random = seeded(5);
    const text = `${ok}a: b\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x="y"\r\nlo\r\n0\r\n\r\n`;
    for (const copy of damaged(Buffer.from(text), 2000, 7))
      try {
        parse(copy.toString('latin1'), 1 + Math.floor(random() * 50), true);
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
  });
});
