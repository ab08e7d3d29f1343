import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isSameInventory, standing } from '../../src/judging/inventory-standing.js';
import type { InventoryIndex } from '../../src/store/store.js';
import { aCertificate } from '../rules/support.js';

const leaf = aCertificate();
const anIndex = (change: Partial<InventoryIndex> = {}): InventoryIndex => ({
  isWhole: true,
  staleSources: [],
  incompleteSources: [],
  sources: ['files'],
  sha256: new Set(),
  sha1: new Set(),
  tbsSha256: new Set(),
  spkiSha256: new Set(),
  issuerSerial: new Set(),
  ...change,
});

for (const [name, value] of [
  ['sha256', leaf.sha256],
  ['sha1', leaf.sha1],
  ['tbsSha256', leaf.tbsSha256],
  ['spkiSha256', leaf.spkiSha256],
  ['issuerSerial', `${leaf.issuerSha256}:${leaf.serialNumber}`],
] as const)
  it(`knows a certificate by its ${name}, also in an inventory that is not whole`, () => {
    assert.equal(standing(leaf, anIndex({ [name]: new Set([value]), isWhole: false })), 'known');
  });

it('calls a certificate unknown only when every source was read whole', () => {
  assert.equal(standing(leaf, anIndex()), 'unknown');
  assert.equal(standing(leaf, anIndex({ isWhole: false })), null);
  assert.equal(standing(leaf, anIndex({ sources: [] })), null);
});

it('tells inventories apart that know something else', () => {
  const one = anIndex({ sha256: new Set(['a', 'b']) });
  assert.ok(isSameInventory(one, anIndex({ sha256: new Set(['b', 'a']) })));
  assert.ok(!isSameInventory(one, anIndex({ sha256: new Set(['a', 'c']) })));
  assert.ok(!isSameInventory(one, anIndex({ sha256: new Set(['a']) })));
  assert.ok(!isSameInventory(one, { ...one, isWhole: false }));
  assert.ok(!isSameInventory(one, { ...one, sources: ['files', 'more'] }));
});
