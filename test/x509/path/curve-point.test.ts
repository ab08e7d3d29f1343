import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { it } from 'node:test';
import { isOnCurve } from '../../../src/x509/path/curve-point.js';
import { importKey } from '../../../src/x509/path/key.js';

const curves = [
  ['P-256', '1.2.840.10045.3.1.7', 65],
  ['P-384', '1.3.132.0.34', 97],
  ['P-521', '1.3.132.0.35', 133],
] as const;

for (const [namedCurve, oid, size] of curves) {
  const spki = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' });
  const point = spki.subarray(spki.length - size);

  it(`finds points on ${namedCurve} where OpenSSL does`, () => {
    assert.equal(isOnCurve(oid, point), true);
    for (const at of [1, 2, size >> 1, size - 1]) {
      const moved = Buffer.from(spki);
      const octet = spki.length - size + at;
      moved.writeUInt8(moved.readUInt8(octet) ^ 1, octet);
      assert.equal(isOnCurve(oid, moved.subarray(spki.length - size)), false, `octet ${at}`);
      assert.equal(importKey(moved), null);
    }
  });

  it(`refuses coordinates of ${namedCurve} that are not reduced`, () => {
    const all = Buffer.alloc(size, 0xff);
    all.writeUInt8(4, 0);
    assert.equal(isOnCurve(oid, all), false);
  });

  it(`leaves other encodings and lengths of ${namedCurve} to OpenSSL`, () => {
    assert.equal(isOnCurve(oid, point.subarray(0, size - 1)), null);
    assert.equal(isOnCurve(oid, Buffer.concat([Buffer.of(2), point.subarray(1, (size + 1) >> 1)])), null);
    assert.equal(isOnCurve('1.3.132.0.10', point), null);
  });
}
