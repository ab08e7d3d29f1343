import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { it } from 'node:test';
import { checkAuditLines } from '../../../src/reports/evidence/audit-lines.js';
import { follow, type ChainedEntry } from '../../../src/store/audit/chain.js';
import { noon } from '../../store/sample.js';

/** A chain of five, of which an export has the last four. */
const entries: ChainedEntry[] = [];
for (const subject of ['a', 'b', 'c', 'd', 'e'])
  entries.push(
    follow(entries.at(-1) ?? { chain: 'chain', number: 0, hash: '' }, {
      at: noon,
      actor: 'ada',
      action: 'scan.start',
      subject,
      details: { note: 'é' },
    }),
  );
const lines = entries
  .slice(1)
  .map(({ details, ...entry }) => JSON.stringify({ ...entry, details: JSON.parse(details) as unknown }));

async function check(changed: readonly string[]) {
  return checkAuditLines(Readable.from([Buffer.from(changed.map((line) => `${line}\n`).join(''))]));
}

it('finds nothing wrong with a part of a trail, and says where it ends', async () => {
  const { faults, ends } = await check(lines);
  assert.deepEqual(faults, []);
  assert.deepEqual(
    ends.map(({ number, hash }) => [number, hash]),
    [[5, entries[4]?.hash]],
  );
});

for (const [name, changed, expected] of [
  ['one entry removed', lines.toSpliced(1, 1), /entry 3 is missing/],
  ['one entry changed', lines.map((line) => line.replace('"c"', '"x"')), /entry 3 .* was changed/],
  ['two entries swapped', [lines[0], lines[2], lines[1], lines[3]].map(String), /entry 3 is missing/],
  ['one entry twice', [...lines, String(lines.at(-1))], /entry 5 .* is there twice/],
  ['a line that is no entry', [...lines, '{"a":1}'], /line 5 is no entry of an audit trail/],
  ['a line that is no JSON', [...lines, 'no'], /line 5 is no entry of an audit trail/],
] as const)
  it(`sees ${name}`, async () => {
    const { faults } = await check(changed);
    assert.match(String(faults[0]), expected);
  });
