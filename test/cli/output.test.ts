import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { outputFormats } from '../../src/cli/output.js';
import { renderRows, sortRows, type ViewColumn } from '../../src/cli/output.js';

interface Row {
  readonly name: string;
  readonly size: number | null;
}

const columns: readonly ViewColumn<Row>[] = [
  { key: 'name', title: 'NAME', text: ({ name }) => name },
  { key: 'size', title: 'SIZE', text: ({ size }) => String(size ?? ''), value: ({ size }) => size },
];
const rows: readonly Row[] = [
  { name: 'b', size: 10 },
  { name: 'c', size: null },
  { name: 'a', size: 9 },
];
const look = { width: null, colour: false };
const render = (
  of: readonly Row[],
  format: (typeof outputFormats)[number],
  wanted: readonly string[] | null = null,
) => renderRows(of, columns, ['name', 'size'], { format, columns: wanted, sort: null }, look);

describe('rows', () => {
  for (const [sort, expected] of [
    [null, 'bca'],
    ['name', 'abc'],
    ['-name', 'cba'],
    ['size', 'abc'],
    ['-size', 'bac'],
  ] as const) {
    it(`are sorted by ${sort}, numbers as numbers and missing values last`, () => {
      const sorted = sortRows(rows, columns, sort);
      assert.equal(sorted.map(({ name }) => name).join(''), expected);
    });
  }

  it('refuse a column that does not exist, and name those that do', () => {
    assert.throws(() => sortRows(rows, columns, 'none'), /--sort none: .*name, size$/);
    assert.throws(() => render(rows, 'csv', ['none']), /--columns none: .*name, size$/);
  });

  it('are written as CSV, JSON and JSON lines for programs', () => {
    assert.equal(render(rows, 'csv'), 'name,size\r\nb,10\r\nc,\r\na,9\r\n');
    assert.deepEqual(JSON.parse(render(rows, 'json')), rows);
    assert.equal(render(rows, 'ndjson', ['size']), '{"size":10}\n{"size":null}\n{"size":9}\n');
  });

  it('are written in the columns asked for, in that order', () => {
    assert.equal(render(rows.slice(0, 1), 'table', ['size', 'name']), 'SIZE  NAME\n10    b\n');
  });

  it('are empty when there are none, in every form', () => {
    const expected = { table: '', json: '[]\n', ndjson: '', csv: 'name,size\r\n' } as const;
    for (const [format, text] of Object.entries(expected)) assert.equal(render([], format as 'csv'), text);
  });

  const hostile: readonly Row[] = [
    '<script>alert(1)</script>',
    '[link](http://x) **bold** | cell `code` @here ~~x~~',
    '=1+1',
    'a\nb\r\nc',
    '\u202egnp.exe\u001b[31m',
  ].map((name) => ({ name, size: null }));

  it('keep hostile text inert in every form', () => {
    assert.doesNotMatch(render(hostile, 'html'), /<script|[\u202e\u001b]/);
    assert.doesNotMatch(render(hostile, 'table'), /[\u202e\u001b\r]/);
    const markdown = render(hostile, 'markdown');
    assert.doesNotMatch(markdown, /[\u202e\u001b]|(?<!\\)[[\]*`@~<>]/);
    assert.equal(markdown.trim().split('\n').length, hostile.length + 2);
    assert.match(render(hostile, 'csv'), /^'=1\+1|"'=1\+1"/m);
    for (const line of render(hostile, 'ndjson').trim().split('\n')) JSON.parse(line);
  });
});
