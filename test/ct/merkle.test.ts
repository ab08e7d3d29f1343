import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { emptyRoot, leafHash, nodeHash, writeLeafHash } from '../../src/ct/merkle.js';

const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex');

it('hashes leaves, nodes and the empty tree as RFC 6962 section 2.1 says', () => {
  assert.equal(emptyRoot.toString('hex'), sha256(''));
  assert.equal(leafHash(Buffer.from('leaf')).toString('hex'), sha256('\0leaf'));
  const left = Buffer.alloc(32, 0xaa);
  const right = Buffer.alloc(32, 0xbb);
  assert.equal(
    nodeHash(left, right).toString('hex'),
    sha256(`\x01${left.toString('latin1')}${right.toString('latin1')}`),
  );
});

it('hashes a leaf in place, of any length, and forgets the longer one before it', () => {
  for (const length of [0, 1, 20_000, 3_000_000, 5]) {
    const bytes = Buffer.alloc(length + 7, 0x5a);
    const out = Buffer.alloc(40);
    writeLeafHash(out, 4, bytes, 3, 3 + length, 3);
    const expected = createHash('sha256')
      .update(Buffer.alloc(3))
      .update(bytes.subarray(3, 3 + length))
      .digest();
    assert.deepEqual(out.subarray(4, 36), expected);
  }
});
