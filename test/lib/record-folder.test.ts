import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { openRecordFolder } from '../../src/lib/record-folder.js';
import { temporaryFolder } from '../store/sample.js';

const shape = z.object({ n: z.number() });
const open = (folder: string, complain = (sentence: string): void => assert.fail(sentence)) =>
  openRecordFolder(folder, (json) => shape.parse(json), complain);

describe('a folder of records', () => {
  it('keeps what was put, for another process as well, and nobody else may read it', () => {
    const folder = join(temporaryFolder(), 'deep', 'records');
    const [mine, other] = [open(folder), open(folder)];
    for (let n = 0; n < 50; n += 1) {
      mine.put('a', { n });
      assert.deepEqual([...other.all()], [['a', { n }]]);
    }
    other.put('b', { n: 1 });
    assert.deepEqual([...mine.all().keys()].sort(), ['a', 'b']);
    assert.equal(mine.remove('a'), true);
    assert.equal(other.remove('a'), false);
    assert.deepEqual([...other.all().keys()], ['b']);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'b.json')).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['b.json']);
  });

  it('sets a damaged record aside, and says so once', () => {
    const folder = temporaryFolder();
    const said: string[] = [];
    const records = open(folder, (sentence) => void said.push(sentence));
    records.put('good', { n: 1 });
    for (const [name, text] of [
      ['half', '{"n":'],
      ['wrong', '{"n":"x"}'],
      ['empty', ''],
      ['null', 'null'],
    ])
      writeFileSync(join(folder, `${name}.json`), text ?? '');
    assert.deepEqual([...records.all().keys()], ['good']);
    records.put('more', { n: 2 });
    assert.deepEqual([...records.all().keys()].sort(), ['good', 'more']);
    assert.equal(said.length, 4);
    assert.equal(readdirSync(folder).filter((name) => name.endsWith('.json.damaged')).length, 4);
    assert.match(said[0] ?? '', /is damaged and was set aside/);
  });

  for (const id of ['', '..', '../x', 'a/b', '.hidden', 'x'.repeat(200)])
    it(`refuses ${JSON.stringify(id.slice(0, 20))} as a name`, () =>
      assert.throws(() => open(temporaryFolder()).put(id, { n: 1 }), /cannot name a record/));
});
