import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkOcsp, type OcspVerdict } from '../../../src/x509/revocation/ocsp.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import * as der from '../../support/der-writer.js';
import { ocspResponse, revoked, unknown, type OcspSpec } from '../../support/ocsp.js';
import { daysFromNow, extension, issue, issueCa, issueFor, makeKey, type Issued } from '../../support/pki.js';

const root = issueCa('Example CA');
const other = issueCa('Other CA');
const leaf = issueFor('www.example.com', { issuer: root, serialNumber: 0x1234n });
const certificate = readCertificate(leaf.der);
const issuer = readCertificate(root.der);
const now = daysFromNow(0);

/** A response about `leaf` unless it says otherwise. */
function respond(spec: OcspSpec & { readonly serial?: bigint; readonly of?: Issued } = {}): Buffer {
  return ocspResponse(spec.of ?? root, spec.serial ?? 0x1234n, { signer: root, ...spec });
}

const check = (response: Uint8Array, at = now): OcspVerdict => checkOcsp(response, certificate, issuer, at);

it('reads a good response of the issuer', () => {
  const verdict = check(respond());
  assert.deepEqual(verdict, {
    status: 'good',
    reason: null,
    revokedAt: null,
    revocationReason: null,
    producedAt: daysFromNow(-1),
    thisUpdate: daysFromNow(-1),
    nextUpdate: daysFromNow(3),
    signer: 'issuer',
    sctList: null,
  });
});

it('reads a revocation with its time and reason', () => {
  const verdict = check(respond({ status: revoked(1) }));
  assert.equal(verdict.status, 'revoked');
  assert.equal(verdict.revocationReason, 'keyCompromise');
  assert.deepEqual(verdict.revokedAt, daysFromNow(-3));
  assert.equal(check(respond({ status: revoked() })).revocationReason, null);
});

const delegateUsage = extension('2.5.29.37', false, der.sequence(der.oid('1.3.6.1.5.5.7.3.9')));
const delegate = (spec: Parameters<typeof issue>[0] = {}): Issued =>
  issue({ subject: 'Responder', issuer: root, bare: true, extensions: [delegateUsage], ...spec });
const responder = delegate();

const usable: readonly (readonly [what: string, response: () => Buffer, status: string, signer: string])[] = [
  ['that the certificate is unknown', () => respond({ status: unknown }), 'unknown', 'issuer'],
  ['with hashes of SHA-256', () => respond({ hash: 'sha256' }), 'good', 'issuer'],
  ['that names its signer by key', () => respond({ byKey: true }), 'good', 'issuer'],
  ['without an end', () => respond({ nextUpdate: null }), 'good', 'issuer'],
  [
    'of a delegated responder',
    () => respond({ signer: responder, certificates: [responder] }),
    'good',
    'delegate',
  ],
  [
    'of a delegated responder named by key',
    () => respond({ signer: responder, byKey: true, certificates: [other, responder] }),
    'good',
    'delegate',
  ],
  [
    'with extensions that are known',
    () =>
      respond({
        extensions: [extension('1.3.6.1.5.5.7.48.1.2', true, der.octetString(Buffer.from('nonce')))],
      }),
    'good',
    'issuer',
  ],
  [
    'from a clock that runs ahead a little',
    () =>
      respond({ producedAt: new Date(now.getTime() + 60_000), thisUpdate: new Date(now.getTime() + 60_000) }),
    'good',
    'issuer',
  ],
];
for (const [what, response, status, signer] of usable) {
  it(`relies on a response ${what}`, () => {
    const verdict = check(response());
    assert.deepEqual([verdict.status, verdict.signer, verdict.reason], [status, signer, null]);
  });
}

const impostor = { ...root, key: makeKey() };
const refused: readonly (readonly [what: string, response: () => Buffer, reason: RegExp])[] = [
  ['nothing', () => Buffer.alloc(0), /cannot be read/],
  ['a refusal', () => der.sequence(der.element(10, Buffer.from([6]))), /answered unauthorized/],
  [
    'a response of another type',
    () =>
      Buffer.from(
        respond()
          .toString('latin1')
          .replace('\x2b\x06\x01\x05\x05\x07\x30\x01\x01', '\x2b\x06\x01\x05\x05\x07\x30\x01\x03'),
        'latin1',
      ),
    /response type/,
  ],
  ['a weak signature', () => respond({ digest: 'sha1' }), /algorithm that is not allowed/],
  ['another serial number', () => respond({ serial: 0x1235n }), /another certificate/],
  ['another issuer', () => respond({ of: other }), /another certificate/],
  ['a signature by another key', () => respond({ signer: impostor, of: root }), /not signed/],
  ['a signature by a stranger', () => respond({ signer: other }), /not signed/],
  ['a delegate without its certificate', () => respond({ signer: responder }), /not signed/],
  [
    'a delegate without the key usage',
    () => {
      const bad = delegate({ extensions: [] });
      return respond({ signer: bad, certificates: [bad] });
    },
    /not signed/,
  ],
  [
    'a delegate whose certificate expired',
    () => {
      const bad = delegate({ notBefore: daysFromNow(-9), notAfter: daysFromNow(-1) });
      return respond({ signer: bad, certificates: [bad] });
    },
    /not signed/,
  ],
  [
    'a delegate of another issuer',
    () => {
      const bad = delegate({ issuer: other });
      return respond({ signer: bad, certificates: [bad] });
    },
    /not signed/,
  ],
  [
    'a delegate with a forged certificate',
    () => {
      const bad = delegate({ issuer: impostor });
      return respond({ signer: bad, certificates: [bad] });
    },
    /not signed/,
  ],
  ['a response out of date', () => respond({ nextUpdate: daysFromNow(-0.5) }), /out of date/],
  [
    'an old response without an end',
    () => respond({ thisUpdate: daysFromNow(-11), nextUpdate: null }),
    /does not say how long/,
  ],
  ['a response from the future', () => respond({ thisUpdate: daysFromNow(1) }), /future/],
  [
    'an unknown critical extension',
    () => respond({ extensions: [extension('1.2.3', true, der.nullValue())] }),
    /critical extension 1\.2\.3/,
  ],
  [
    'an unknown critical extension on the answer',
    () => respond({ singleExtensions: [extension('1.2.3', true, der.nullValue())] }),
    /critical/,
  ],
];
for (const [what, response, reason] of refused) {
  it(`does not rely on ${what}`, () => {
    const verdict = check(response());
    assert.equal(verdict.status, 'unusable');
    assert.match(verdict.reason ?? '', reason);
  });
}

it('counts a response as current up to nextUpdate and not beyond', () => {
  const response = respond({ nextUpdate: now });
  assert.equal(check(response, now).status, 'good');
  assert.equal(check(response, new Date(now.getTime() + 1)).status, 'unusable');
});

it('hands out the SCTs of a response', () => {
  const sctList = Buffer.from([0, 2, 0, 0]);
  const scts = extension('1.3.6.1.4.1.11129.2.4.5', false, der.octetString(sctList));
  assert.deepEqual(Buffer.from(check(respond({ singleExtensions: [scts] })).sctList ?? []), sctList);
});

it('never throws, and relies on no mutated response', () => {
  const whole = respond({ status: revoked(4), signer: responder, certificates: [responder] });
  for (let length = 0; length < whole.length; length += 7)
    assert.equal(check(whole.subarray(0, length)).status, 'unusable');
  let seed = 11;
  for (let round = 0; round < 3000; round += 1) {
    const mutated = Buffer.from(whole);
    seed = (seed * 48_271) % 2_147_483_647;
    mutated[seed % mutated.length]! ^= 1 << (seed % 8);
    const { status, reason } = check(mutated);
    assert.ok(status === 'revoked' || status === 'unusable', `${status} ${reason ?? ''}`);
  }
});
