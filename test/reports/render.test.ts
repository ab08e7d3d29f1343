import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { csvOf } from '../../src/reports/render/csv.js';
import { htmlOf } from '../../src/reports/render/html.js';
import { jsonOf } from '../../src/reports/render/json.js';
import type { Report, ReportContent, Row } from '../../src/reports/report.js';
import { collect } from '../store/sample.js';

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://x")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  'a\r\nb',
  '\u202egnp.exe',
  '\u001b[31mred',
  "'; DROP TABLE x; --",
  '{{7*7}}',
];

const report: Report = {
  id: 'sample',
  title: 'Sample <b>',
  description: 'All that is hostile.',
  cannotShow: ['What is not here.'],
  build: () => Promise.reject(new Error('not asked')),
};

function contentOf(rows: readonly Row[]): ReportContent {
  return {
    figures: [
      { label: 'Known', value: 12_345, unit: 'things' },
      { label: 'Not known', value: null, unit: '%' },
    ],
    tables: [
      {
        id: 'rows',
        title: 'Rows',
        note: 'Some.',
        columns: [
          { key: 'text', title: 'Text' },
          { key: 'list', title: 'List' },
          { key: 'at', title: 'At' },
          { key: 'count', title: 'Count', isNumber: true },
        ],
        rows: async function* () {
          yield* rows;
        },
      },
    ],
  };
}

const rows = hostile.map((text): Row => ({ text, list: [text, text], at: new Date(0), count: -1 }));
const text = async (pieces: AsyncIterable<string>): Promise<string> => (await collect(pieces)).join('');

describe('a report as a page', () => {
  it('allows its own style sheet and nothing else', async () => {
    const page = await text(htmlOf(report, contentOf(rows), [['From', 'then']]));
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    assert.match(
      page,
      /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/,
    );
    assert.ok(page.includes(`'sha256-${hash}'`));
    for (const tag of page.match(/<[^>]*>/g) ?? [])
      assert.doesNotMatch(tag, /^<(script|img|link|iframe|a)\b|\son\w+=|\sstyle=|\ssrc=|\shref=/, tag);
  });

  it('shows hostile text as text', async () => {
    const page = await text(htmlOf(report, contentOf(rows), []));
    assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
    assert.doesNotMatch(page, /[\u202e\u001b]/);
  });

  it('says what is not known, what is empty, and what was left out', async () => {
    assert.match(await text(htmlOf(report, contentOf([]), [])), /not known[\s\S]*<p class="none">None\./);
    const many = Array.from({ length: 1_001 }, () => rows[0]!);
    const page = await text(htmlOf(report, contentOf(many), []));
    assert.equal(page.match(/<tr><td/g)?.length, 1_000);
    assert.match(page, /The first 1000 rows/);
    const exactly = await text(htmlOf(report, contentOf(many.slice(1)), []));
    assert.doesNotMatch(exactly, /The first 1000 rows/);
  });
});

it('writes CSV in which no cell is a formula', async () => {
  const [table] = contentOf(rows).tables;
  const csv = await text(csvOf(table!));
  assert.equal(csv.split('\r\n')[0], 'Text,List,At,Count');
  for (const cell of csv.match(/(?:^|,)("(?:[^"]|"")*"|[^,"\r\n]*)/gm) ?? [])
    assert.doesNotMatch(cell.replace(/^,?"?/, ''), /^[=+@\t]/, cell);
});

it('writes JSON that is whole, with the figures and every row', async () => {
  const json = JSON.parse(await text(jsonOf(report, contentOf(rows), { period: 1 }))) as {
    readonly report: string;
    readonly period: number;
    readonly tables: readonly { readonly rows: readonly { readonly text: string; readonly at: string }[] }[];
  };
  assert.deepEqual([json.report, json.period], ['sample', 1]);
  assert.deepEqual(
    json.tables[0]?.rows.map((row) => row.text),
    hostile,
  );
  assert.equal(json.tables[0]?.rows[0]?.at, '1970-01-01T00:00:00.000Z');
});
