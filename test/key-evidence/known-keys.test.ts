import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { openKnownKeys } from '../../src/key-evidence/known-keys.js';
import { createKnownKeysBuilder } from '../../src/x509/keys/known-keys.js';
import { temporaryFolder } from '../store/sample.js';

const folder = temporaryFolder();
const hash = (value: number): string => createHash('sha256').update(String(value)).digest('hex');

function bytesOf(count: number): Buffer {
  const builder = createKnownKeysBuilder();
  for (let index = 0; index < count; index += 1) builder.add(hash(index));
  return Buffer.concat(builder.parts());
}

function write(bytes: Uint8Array): string {
  const path = join(folder, 'known.keys');
  writeFileSync(path, bytes);
  return path;
}

for (const count of [0, 1, 1023, 1024, 1025, 5000])
  it(`finds each of ${count} keys, and no other`, async () => {
    const known = await openKnownKeys(write(bytesOf(count)));
    assert.equal(known.count, count);
    for (let index = 0; index < count; index += 1) assert.equal(await known.has(hash(index)), true);
    for (let index = count; index < count + 200; index += 1)
      assert.equal(await known.has(hash(index)), false);
    for (const other of ['', '00', '00'.repeat(32), 'ff'.repeat(32)])
      assert.equal(await known.has(other), false);
    await known.close();
  });

const file = bytesOf(3000);
const swapped = Buffer.concat([
  file.subarray(0, 16),
  file.subarray(32, 48),
  file.subarray(16, 32),
  file.subarray(48),
]);
const acrossBlocks = Buffer.from(file);
file.copy(acrossBlocks, 16 + 1024 * 16, 16 + 1023 * 16, 16 + 1024 * 16);

for (const [what, bytes, reason] of [
  ['is none', Buffer.from('anything at all'), /cut off/],
  ['is another', Buffer.from('anything at all, and more of it'), /Not a file/],
  ['is cut within an entry', file.subarray(0, -1), /cut off/],
  ['is cut behind an entry', file.subarray(0, -16), /cut off/],
  ['is longer than it says', Buffer.concat([file, Buffer.alloc(16)]), /trailing/],
  ['is not sorted', swapped, /not sorted at entry 1\./],
  ['repeats an entry at the border of two blocks', acrossBlocks, /not sorted at entry 1024\./],
] as const)
  it(`refuses a file that ${what}, by its name`, async () => {
    const path = write(bytes);
    await assert.rejects(
      openKnownKeys(path),
      (error: Error) => error.message.startsWith(path) && reason.test(error.message),
    );
  });
