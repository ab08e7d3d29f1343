import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openRoots } from '../../src/cli/roots-option.js';
import { temporaryFolder } from '../store/sample.js';
import { issueFor } from '../support/pki.js';

describe('--roots', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a+b'));
  const pem = new Array('ca.pem', 'a+b/ca+old.pem').map((name) => join(folder, name));
  for (const file of pem) writeFileSync(file, issueFor('root.example').pem);
  const names = async (roots: string): Promise<readonly string[]> =>
    (await openRoots(roots)).map(({ name }) => name.replace(/ \d.*/, ''));

  for (const [roots, expected] of [
    ['mozilla', ['mozilla']],
    [pem[0] ?? '', ['file ca.pem']],
    [`mozilla+${pem[0]}`, ['mozilla', 'file ca.pem']],
    [`node+mozilla`, ['node', 'mozilla']],
    [pem[1] ?? '', ['file ca+old.pem']],
  ] as const)
    it(`${roots.replaceAll(folder, '')} names ${expected.join(' and ')}`, async () =>
      assert.deepEqual(await names(roots), expected));

  for (const [roots, said] of [
    ['mozilla+', /--roots mozilla\+: give public roots \(mozilla, node, system\)/],
    ['mozila', /mozila/],
    [folder, /folder/],
  ] as const)
    it(`${roots.replaceAll(folder, 'a folder')} is refused with a sentence`, () =>
      assert.rejects(async () => openRoots(roots), { message: said }));
});
