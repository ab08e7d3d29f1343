import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvRecords } from '../../../src/inventory/reading/csv.js';
import { chunked, collect, seeded } from '../../support/collect.js';

const fieldsOf = async (text: string, size = 1_000, delimiter = ','): Promise<(readonly string[])[]> =>
  (await collect(csvRecords(chunked(Buffer.from(text), size), delimiter))).map(({ fields }) => fields);

describe('CSV (RFC 4180)', () => {
  for (const [name, text, expected] of [
    [
      'plain records',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CRLF and no last line end',
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['quoted delimiters and line ends', '"a,b","c\r\nd"\n', [['a,b', 'c\r\nd']]],
    ['doubled quotes', '"say ""hi""",x\n', [['say "hi"', 'x']]],
    [
      'empty fields',
      ',,\n"",\n',
      [
        ['', '', ''],
        ['', ''],
      ],
    ],
    ['empty lines', 'a\n\n\r\nb\n', [['a'], ['b']]],
    ['a quote inside an unquoted field', 'a"b,c\n', [['a"b', 'c']]],
    ['a byte order mark', '\uFEFFsha256,owner\n', [['sha256', 'owner']]],
    ['nothing', '', []],
  ] as const)
    for (const size of [1, 3, 1_000])
      it(`reads ${name} in chunks of ${size}`, async () =>
        assert.deepEqual(await fieldsOf(text, size), expected));

  it('reads another delimiter', async () =>
    assert.deepEqual(await fieldsOf('a;b,c\n', 9, ';'), [['a', 'b,c']]));

  it('says on which line a record begins', async () => {
    const records = await collect(csvRecords(chunked(Buffer.from('a\n"b\nb"\n\nc\n'), 2)));
    assert.deepEqual(
      records.map(({ line }) => line),
      [1, 2, 5],
    );
  });

  it('throws for a quote that is not closed, also in an endless file', async () => {
    await assert.rejects(fieldsOf('a\n"b\nc'), /begins on line 2 has a quote that is not closed/);
    async function* endless() {
      yield Buffer.from('a\n"');
      for (;;) yield Buffer.alloc(65_536, 'x');
    }
    await assert.rejects(collect(csvRecords(endless())), /line 2/);
  });

  it('gives back what a writer wrote, whatever the characters (1,000 seeded tables)', async () => {
    const random = seeded(1);
    const alphabet = ['a', ',', '"', '\n', '\r\n', ' ', '\u00e9', '\u{1F600}', '\0'];
    const word = (): string =>
      Array.from(
        { length: Math.floor(random() * 6) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('');
    for (let n = 0; n < 1_000; n += 1) {
      const table = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ['k', word(), word()]);
      const text = table
        .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
        .join('\r\n');
      assert.deepEqual(await fieldsOf(text, 1 + Math.floor(random() * 7)), table);
    }
  });
});
