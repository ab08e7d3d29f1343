import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { MalformedError } from '../../src/ct/bytes.js';
import { loadLogKey } from '../../src/ct/log-key.js';
import { leafHash } from '../../src/ct/merkle.js';
import { parseSct, parseSctList, sctLeaf, sctLeafHash, verifySct } from '../../src/ct/sct.js';
import { LogBook, vector } from '../support/ct-log-book.js';
import { generatedEntries } from '../support/ct-log-entries.js';
import { damaged, sharedFile, withoutShared } from './shared.js';

const proofBytes = Buffer.concat([
  Buffer.alloc(1),
  Buffer.alloc(32, 9),
  Buffer.from('0000018000000000', 'hex'),
  vector(2, Buffer.alloc(0)),
  Buffer.from([4, 3, 0, 2, 1, 2]),
]);

describe('an SCT', () => {
  it('is read into its parts', () => {
    const sct = parseSct(proofBytes);
    assert.equal(sct.timestampMs, 0x18000000000);
    assert.equal(sct.logId.length, 32);
    assert.deepEqual(parseSctList(vector(2, Buffer.concat([vector(2, proofBytes), vector(2, proofBytes)]))), [
      sct,
      sct,
    ]);
  });

  it('signs the very bytes of the log entry, so that it tells its leaf hash', () => {
    const entries = generatedEntries(2);
    const book = new LogBook(false);
    for (const entry of entries) book.append(entry, 0x18000000000);
    const sct = parseSct(proofBytes);
    const [certificate, precertificate] = entries;
    assert.ok(certificate?.kind === 'x509' && precertificate?.kind === 'precertificate');
    assert.deepEqual(sctLeaf(sct, { type: 'x509', bytes: certificate.certificate }), book.leafInputs[0]);
    const signed = {
      type: 'precertificate',
      bytes: precertificate.tbs,
      issuerKeyHash: precertificate.issuerKeyHash,
    } as const;
    assert.deepEqual(sctLeafHash(sct, signed), leafHash(book.leafInputs[1]!));
  });

  it('damaged in any way is read or refused', () => {
    const list = vector(2, vector(2, proofBytes));
    for (const copy of damaged(list, 2000, 8))
      try {
        parseSctList(copy);
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
  });
});

describe('real SCTs', { skip: withoutShared }, () => {
  const pem = (name: string): string => sharedFile(`certs/ct-testdata/${name}`).toString();
  const key = (): ReturnType<typeof loadLogKey> =>
    loadLogKey(pem('ct-server-key-public.pem').replaceAll(/-----[A-Z ]+-----|\s/g, ''));

  for (const name of ['test', 'test-intermediate'])
    it(`of the certificate ${name} verifies, and not with anything changed`, () => {
      const sct = parseSct(sharedFile(`certs/ct-testdata/${name}-cert.proof`));
      const bytes = new X509Certificate(pem(`${name}-cert.pem`)).raw;
      assert.ok(verifySct(sct, { type: 'x509', bytes }, key()));
      assert.equal(
        verifySct({ ...sct, timestampMs: sct.timestampMs + 1 }, { type: 'x509', bytes }, key()),
        false,
      );
      assert.equal(verifySct({ ...sct, version: 1 }, { type: 'x509', bytes }, key()), false);
      assert.equal(verifySct({ ...sct, logId: Buffer.alloc(32) }, { type: 'x509', bytes }, key()), false);
      assert.equal(verifySct(sct, { type: 'x509', bytes: bytes.subarray(1) }, key()), false);
    });
});
