import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decryptRc2 } from '../../../src/x509/files/rc2.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('decryptRc2', () => {
  /** One block of CBC: RFC 2268 section 5 gives the cipher text of a block; the IV makes its plain text end in a padding of eight. */
  for (const [key, plain, cipher] of [
    ['ffffffffffffffff', 'ffffffffffffffff', '278b27e42e2f0d49'],
    ['3000000000000000', '1000000000000001', '30649edf9be7d2c2'],
    ['88bca90e90875a7f0f79c384627bafb2', '0000000000000000', '2269552ab0f85ca6'],
  ] as const)
    it(`opens ${cipher} of RFC 2268 section 5`, () => {
      // The first block's plain text is XORed with the IV; a second block of the same cipher text ends in padding by choice of the first.
      const padding = Buffer.alloc(8, 8);
      const iv = Buffer.from(hex(plain).map((octet, n) => octet ^ padding[n]!));
      assert.deepEqual(decryptRc2(hex(key), iv, hex(cipher)), Buffer.alloc(0));
    });
  it('refuses wrong padding and halves of blocks', () => {
    assert.throws(
      () => decryptRc2(hex('ffffffffffffffff'), Buffer.alloc(8), hex('278b27e42e2f0d49')),
      /padding/,
    );
    assert.throws(
      () => decryptRc2(hex('ffffffffffffffff'), Buffer.alloc(8), hex('278b27e42e2f0d')),
      /blocks/,
    );
    assert.throws(() => decryptRc2(hex('ffffffffffffffff'), Buffer.alloc(8), Buffer.alloc(0)), /blocks/);
  });
});
