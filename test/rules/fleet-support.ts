import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Policy } from '../../src/model/policy.js';
import type { FleetHit, FleetRule } from '../../src/rules/fleet-rule.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';
import { aPolicy, now } from './support.js';

/** One row: what a fleet rule says of one subject of a filled store. */
export interface FleetRow {
  readonly name: string;
  /** Key of the subject. */
  readonly subject: string;
  readonly expected: 'pass' | Partial<FleetHit>;
  /** When the rule is asked; absent: `now` of test/rules/support.ts. */
  readonly at?: Date;
  readonly policy?: Policy;
}

/**
 * Runs a fleet rule over an embedded store that `fill` wrote to. A table without a hit and a pass is refused, and so is a hit at `now` on a
 * subject that the table does not name.
 */
export function testFleetRule(
  rule: FleetRule,
  fill: (store: OpenStore) => Promise<void>,
  rows: readonly FleetRow[],
): void {
  describe(`${rule.id} over a store`, () => {
    let store: OpenStore;
    before(async () => {
      store = await openStore(embeddedConfig(temporaryFolder()), log);
      await fill(store);
    });
    after(() => store.close());

    const hitsAt = (at: Date, policy: Policy): Promise<readonly FleetHit[]> =>
      rule.hits({ ask: store.ask, policy, now: at });

    it('has a hit and a pass in its table', () => {
      const kinds = new Set(rows.map(({ expected }) => (expected === 'pass' ? 'pass' : 'hit')));
      assert.deepEqual([...kinds].sort(), ['hit', 'pass']);
    });

    for (const { name, subject, expected, at = now, policy = aPolicy() } of rows) {
      it(name, async () => {
        const hits = (await hitsAt(at, policy)).filter((hit) => hit.subject.key === subject);
        if (expected === 'pass') return assert.deepEqual(hits, []);
        assert.equal(hits.length, 1, `${subject} has ${hits.length} hits`);
        const { details, ...rest } = expected;
        for (const [key, value] of Object.entries({ ...rest, details: undefined }))
          if (value !== undefined) assert.deepEqual(hits[0]?.[key as keyof FleetHit], value, key);
        for (const [key, value] of Object.entries(details ?? {}))
          assert.deepEqual(hits[0]?.details[key], value, `details.${key}`);
      });
    }

    it('says nothing of anything else', async () => {
      const named = new Set(rows.map((row) => row.subject));
      const hits = await hitsAt(now, aPolicy());
      assert.deepEqual(
        hits.map((hit) => hit.subject.key).filter((key) => !named.has(key)),
        [],
      );
    });
  });
}
