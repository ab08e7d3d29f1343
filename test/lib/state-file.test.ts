import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { damagedStateFiles, readStateFile } from '../../src/lib/state-file.js';
import { temporaryFolder } from '../store/sample.js';

const parse = (text: string): number => {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'number') throw new Error('no number');
  return value;
};

describe('a state file', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'state.json');

  it('that is absent holds nothing', () => assert.equal(readStateFile(path, parse), null));

  it('is read', () => {
    writeFileSync(path, '7');
    assert.equal(readStateFile(path, parse), 7);
    assert.deepEqual(damagedStateFiles(folder, ['', 'absent']), []);
  });

  for (const text of ['null', '', '\0\0\0', '{"a":'])
    it(`that holds ${JSON.stringify(text)} is set aside as it is, and counts as absent`, () => {
      writeFileSync(path, text);
      assert.equal(readStateFile(path, parse), null);
      assert.deepEqual(readdirSync(folder), ['state.json.damaged']);
      assert.equal(readFileSync(`${path}.damaged`, 'utf8'), text);
      assert.equal(readStateFile(path, parse), null);
      assert.deepEqual(damagedStateFiles(folder, ['']), ['state.json.damaged']);
    });

  it('that cannot be read at all is an error, not lost', () => {
    mkdirSync(path);
    assert.throws(() => readStateFile(path, parse), /state\.json cannot be read/);
  });
});
