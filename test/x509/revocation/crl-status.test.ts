import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPathCertificate, type PathCertificate } from '../../../src/x509/path/certificate.js';
import { readPathCrl } from '../../../src/x509/revocation/crl.js';
import { findCrlEntries, serialKey } from '../../../src/x509/revocation/crl-entries.js';
import { crlSigner, crlVerdicts, type CrlVerdict } from '../../../src/x509/revocation/crl-status.js';
import { readElement } from '../../../src/x509/read/der.js';
import { chainTime, generalName, leafLink, rootLink, sharedKey } from '../../support/chain.js';
import { issuingDistributionPoint, makeCrl, reasonCode, type CrlSpec } from '../../support/crl.js';
import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';

const root = rootLink();
const ca = readPathCertificate(root.der);
const leafOf = (serial: bigint): PathCertificate =>
  readPathCertificate(leafLink(root, { serial: der.integer(serial) }).der);
const [first, second] = [leafOf(0x1001n), leafOf(0x2001n)] as const;

/** What a list says of the two certificates. */
function verdicts(spec: CrlSpec, at = chainTime, signers: readonly PathCertificate[] = [ca]): CrlVerdict[] {
  const crl = readPathCrl(makeCrl(root, spec));
  const found = crlVerdicts(crl, crlSigner(crl, signers), [first, second], at);
  return [first, second].map((one) => found.get(one)!);
}

const statuses = (...parameters: Parameters<typeof verdicts>): string[] =>
  verdicts(...parameters).map(({ status }) => status);

const afterwards = new Date('2026-07-02T00:00:00Z');

describe('a CRL about many certificates', () => {
  it('says who is revoked, why and since when, and who is not', () => {
    const [one, other] = verdicts({ revoked: [[der.integer(0x1001n), reasonCode(1)]] });
    assert.deepEqual(one, {
      status: 'revoked',
      reasons: 0,
      reason: 'keyCompromise',
      revokedAt: new Date('2026-05-20T00:00:00Z'),
      detail: null,
    });
    assert.equal(other?.status, 'good');
  });

  it('gives `unspecified` where an entry gives no reason, and takes nothing for revoked that is taken back', () => {
    assert.equal(verdicts({ revoked: [[der.integer(0x1001n)]] })[0]?.reason, 'unspecified');
    assert.deepEqual(statuses({ revoked: [[der.integer(0x1001n), reasonCode(8)]] }), ['good', 'good']);
  });

  it('is stale after nextUpdate, not at it, and still tells who is revoked', () => {
    assert.deepEqual(statuses({}, new Date('2026-06-30T00:00:00Z')), ['good', 'good']);
    const late = verdicts({ revoked: [[der.integer(0x2001n), reasonCode(4)]] }, afterwards);
    assert.deepEqual(
      late.map(({ status }) => status),
      ['stale', 'revoked'],
    );
    assert.match(String(late[1]?.detail), /out of date/);
  });

  it('covers only its scope', () => {
    const onlyCas = issuingDistributionPoint(der.context(2, false, Buffer.from([0xff])));
    assert.deepEqual(statuses({ extensions: { scope: onlyCas } }), ['not-covered', 'not-covered']);
    const elsewhere = issuingDistributionPoint(
      der.context(0, true, der.context(0, true, generalName.uri('http://crl.example/other.crl'))),
    );
    assert.deepEqual(statuses({ extensions: { scope: elsewhere } }), ['not-covered', 'not-covered']);
  });

  for (const [what, spec, signers, reason] of [
    ['is not signed by its issuer', {}, [], /no known certificate/],
    [
      'is signed by another key of the same name',
      {},
      [readPathCertificate(rootLink({ key: sharedKey(9) }).der)],
      /no known certificate/,
    ],
    ['is a delta', { extensions: { delta: extension('2.5.29.27', true, der.integer(1)) } }, [ca], /delta/],
    ['is from the future', { thisUpdate: new Date('2026-06-02T00:00:00Z') }, [ca], /from the future/],
    ['has no end', { nextUpdate: null }, [ca], /when the next one comes/],
    [
      'has an entry with an unknown critical extension',
      { revoked: [[der.integer(5n), extension('1.2.3', true, der.nullValue())]] },
      [ca],
      /malformed/,
    ],
  ] as const)
    it(`is unusable when it ${what}`, () => {
      const [one, other] = verdicts(spec, chainTime, signers);
      assert.deepEqual([one?.status, other?.status], ['unusable', 'unusable']);
      assert.match(String(one?.detail), reason);
    });

  it('that is indirect tells entries of other issuers apart', () => {
    const indirect = issuingDistributionPoint(der.context(4, false, Buffer.from([0xff])));
    const other = extension(
      '2.5.29.29',
      true,
      der.sequence(der.context(4, true, rootLink({ subject: 'Other CA' }).subject)),
    );
    const revoked = [[der.integer(0x1001n)], [der.integer(0x2001n), other]] as const;
    assert.deepEqual(statuses({ revoked, extensions: { scope: indirect } }), ['revoked', 'good']);
  });
});

describe('looking up many serial numbers', () => {
  const entry = (serial: Buffer): Buffer => der.sequence(serial, der.time(new Date(0)));
  const raw = (...octets: number[]): Buffer => der.element(2, Buffer.from(octets));
  const list = der.sequence(
    entry(der.integer(7n)),
    entry(der.integer(1n << 100n)),
    entry(der.integer((1n << 120n) + (1n << 100n))),
    entry(raw(0xff)),
    entry(raw(0, 0, 9)),
  );
  for (const [what, octets, isFound] of [
    ['one octet', [7], true],
    ['zeros before it', [0, 0, 7], true],
    ['a list that writes zeros before it', [9], true],
    ['a negative number', [0xff], true],
    ['the positive number of the same octets', [0, 0xff], false],
    ['a number that ends alike', [1, 0, 0, 0, 7], false],
    ['a long number', [0x10, ...Array.from({ length: 12 }, () => 0)], true],
    ['zero', [0], false],
  ] as const)
    it(`finds ${what}: ${isFound}`, () => {
      const serial = Uint8Array.from(octets);
      const found = findCrlEntries(list, readElement(list, 0), [serial, Uint8Array.from([7])]);
      assert.equal(found.has(serialKey(serial)), isFound);
      assert.ok(found.has('07'));
    });
});
