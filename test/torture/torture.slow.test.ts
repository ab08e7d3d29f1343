import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { format } from 'prettier';
import { damageDocument, damageTable } from './damage-table.js';
import { parts } from './parts.js';

describe('the torture run, in short', () => {
  for (const { name, run } of parts)
    it(`${name}: holds`, async () => {
      const { wrong } = await run(true);
      assert.deepEqual(wrong, []);
    });

  it('has tried at least thirty damages, and docs/damage.md is made of them', async () => {
    assert.ok(damageTable.length >= 30);
    const text = readFileSync(new URL('../../../docs/damage.md', import.meta.url), 'utf8');
    assert.equal(
      text,
      await format(damageDocument(), { parser: 'markdown' }),
      'npm run damage:docs makes it anew',
    );
  });
});
