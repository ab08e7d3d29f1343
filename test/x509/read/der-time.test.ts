import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readElement } from '../../../src/x509/read/der.js';
import { readTime } from '../../../src/x509/read/der-time.js';
import { element } from '../../support/der-writer.js';

const utc = 0x17;
const generalized = 0x18;

const cases: readonly (readonly [tag: number, text: string, date: string | null, problem: string | null])[] =
  [
    [utc, '260101000000Z', '2026-01-01T00:00:00.000Z', null],
    [utc, '491231235959Z', '2049-12-31T23:59:59.000Z', null],
    [utc, '500101000000Z', '1950-01-01T00:00:00.000Z', null],
    [utc, '000229000000Z', '2000-02-29T00:00:00.000Z', null],
    [utc, '010229000000Z', null, 'bad-time'],
    [utc, '2601010000Z', '2026-01-01T00:00:00.000Z', 'time-format'],
    [utc, '260101000000+0130', '2025-12-31T22:30:00.000Z', 'time-format'],
    [utc, '260101000000-0130', '2026-01-01T01:30:00.000Z', 'time-format'],
    [utc, '260101000000', null, 'bad-time'],
    [utc, '261301000000Z', null, 'bad-time'],
    [utc, '260001000000Z', null, 'bad-time'],
    [utc, '260100000000Z', null, 'bad-time'],
    [utc, '260132000000Z', null, 'bad-time'],
    [utc, '260101240000Z', null, 'bad-time'],
    [utc, '260101006000Z', null, 'bad-time'],
    [utc, '260101000060Z', null, 'bad-time'],
    [utc, '26010100000 Z', null, 'bad-time'],
    [utc, '', null, 'bad-time'],
    [generalized, '20500101000000Z', '2050-01-01T00:00:00.000Z', null],
    [generalized, '99991231235959Z', '9999-12-31T23:59:59.000Z', null],
    [generalized, '21000229000000Z', null, 'bad-time'],
    [generalized, '20491231235959Z', '2049-12-31T23:59:59.000Z', 'time-format'],
    [generalized, '19491231235959Z', '1949-12-31T23:59:59.000Z', 'time-out-of-range'],
    [generalized, '00000101000000Z', '0000-01-01T00:00:00.000Z', 'time-out-of-range'],
    [generalized, '00010101000000Z', '0001-01-01T00:00:00.000Z', 'time-out-of-range'],
    [generalized, '20600101000000', null, 'bad-time'],
    [generalized, '206001010000Z', '2060-01-01T00:00:00.000Z', 'time-format'],
    [generalized, '20600101000000.5Z', '2060-01-01T00:00:00.500Z', 'time-format'],
    [generalized, '2060010112.5Z', '2060-01-01T12:30:00.000Z', 'time-format'],
    [generalized, '20600101000000+01', '2059-12-31T23:00:00.000Z', 'time-format'],
    [generalized, '20600101000000+9999', null, 'bad-time'],
    [0x0c, '20600101000000Z', null, 'bad-time'],
  ];

for (const [tag, text, date, problem] of cases) {
  it(`reads ${tag === utc ? 'UTCTime' : `tag ${tag}`} "${text}" as ${date ?? 'no date'}, ${problem ?? 'clean'}`, () => {
    const bytes = element(tag, Buffer.from(text, 'latin1'));
    const read = readTime(bytes, readElement(bytes, 0));
    assert.equal(read.date?.toISOString() ?? null, date);
    assert.equal(read.problem?.code ?? null, problem);
  });
}

it('agrees with Date.UTC on every day from 1900 to 2200', () => {
  for (let ms = Date.UTC(1900, 0, 1); ms < Date.UTC(2200, 0, 1); ms += 86_400_000) {
    const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
    const bytes = element(generalized, Buffer.from(text));
    assert.equal(readTime(bytes, readElement(bytes, 0)).date?.getTime(), ms);
  }
});
