import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openStore } from '../../src/store/index.js';
import { root } from '../architecture/modules.js';
import { embeddedConfig, log, temporaryFolder } from './sample.js';
import { summaryOf } from './summary.js';

/**
 * Data folders as earlier releases left them, `VERSION.tgz`, and what that release said was in them, `VERSION.json`. A release adds
 * a pair of its own with `npm run folder:record`; none is ever changed.
 */
const recorded = join(root, 'test', 'store', 'folders');
const versions = readdirSync(recorded).flatMap((name) => /^(.*)\.tgz$/.exec(name)?.[1] ?? []);

describe('data folders of earlier releases', () => {
  it('are recorded from 0.1.0 on', () => assert.ok(versions.includes('0.1.0')));

  for (const version of versions) {
    it(`opens a folder of ${version}, twice, with everything in it`, async () => {
      const folder = temporaryFolder();
      execFileSync('tar', ['-xzf', join(recorded, `${version}.tgz`), '-C', folder]);
      const expected: unknown = JSON.parse(readFileSync(join(recorded, `${version}.json`), 'utf8'));
      for (let opened = 0; opened < 2; opened += 1) {
        const store = await openStore(embeddedConfig(folder), log);
        try {
          assert.deepEqual(differences(expected, asJson(await summaryOf(store))), []);
        } finally {
          await store.close();
        }
      }
    });
  }
});

it('sees what is missing or changed, and allows what was added', () => {
  assert.deepEqual(differences({ a: [1, { b: 2 }] }, { a: [1, { b: 2, c: 3 }], d: 4 }), []);
  assert.deepEqual(differences({ a: [1, 2], b: 3 }, { a: [1], b: 4 }), ['a: 2 items, now 1', 'b: 3, now 4']);
});

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Where `now` lacks or changes something of `then`; new keys are no difference. */
function differences(then: unknown, now: unknown, path = ''): readonly string[] {
  if (Array.isArray(then)) {
    const length = Array.isArray(now) ? now.length : 0;
    if (length !== then.length) return [`${path}: ${then.length} items, now ${length}`];
    return then.flatMap((item, index) => differences(item, (now as unknown[])[index], `${path}[${index}]`));
  }
  if (typeof then === 'object' && then !== null) {
    const other = (now ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(then).flatMap(([key, value]) =>
      differences(value, other[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return then === now ? [] : [`${path}: ${JSON.stringify(then)}, now ${JSON.stringify(now)}`];
}
