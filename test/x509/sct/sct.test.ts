import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { it } from 'node:test';
import type { Certificate } from '../../../src/model/certificate.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { embeddedEntry, readSct, readSctList, type SignedEntry } from '../../../src/x509/sct/sct.js';
import { createSctChecker, type CtLog } from '../../../src/x509/sct/sct-report.js';
import { ctPolicies, judgeCtPolicy } from '../../../src/x509/sct/ct-policy.js';
import * as der from '../../support/der-writer.js';
import { daysFromNow, extension, issue, issueCa, spki, type CertificateSpec } from '../../support/pki.js';

interface TestLog extends CtLog {
  readonly privateKey: KeyObject;
}

function makeLog(
  operator: string,
  more: Partial<CtLog> = {},
  privateKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
): TestLog {
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const logId = createHash('sha256').update(key).digest('base64');
  return {
    logId,
    description: `log of ${operator}`,
    operator,
    previousOperators: [],
    protocol: 'rfc6962',
    key: key.toString('base64'),
    state: 'usable',
    stateSince: null,
    privateKey,
    ...more,
  };
}

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const vector16 = (bytes: Uint8Array): Buffer => Buffer.concat([u16(bytes.length), bytes]);
const list = (...scts: readonly Buffer[]): Buffer => vector16(Buffer.concat(scts.map(vector16)));
const leafIndex = Buffer.from([0, 0, 5, 0, 0, 0, 1, 2]);

/** An SCT as the log would give it, written from RFC 6962 section 3.2. */
function makeSct(
  log: TestLog,
  entry: SignedEntry,
  { at = daysFromNow(-1), extensions = Buffer.alloc(0) }: { at?: Date; extensions?: Buffer } = {},
): Buffer {
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64BE(BigInt(at.getTime()));
  const length = Buffer.alloc(3);
  length.writeUIntBE(entry.bytes.length, 0, 3);
  const kind = entry.type === 'x509' ? [u16(0)] : [u16(1), entry.issuerKeyHash];
  const signedBytes = Buffer.concat([
    Buffer.from([0, 0]),
    timestamp,
    ...kind,
    length,
    entry.bytes,
    vector16(extensions),
  ]);
  const isEc = log.privateKey.asymmetricKeyType === 'ec';
  const signature = Buffer.concat([
    Buffer.from([4, isEc ? 3 : 1]),
    vector16(sign('sha256', signedBytes, log.privateKey)),
  ]);
  return Buffer.concat([
    Buffer.from([0]),
    Buffer.from(log.logId, 'base64'),
    timestamp,
    vector16(extensions),
    signature,
  ]);
}

const root = issueCa();
const issuer = readCertificate(root.der);
const leafKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;

/** A certificate with SCTs embedded, made as CAs do: the SCTs first, for the same certificate without them. */
function withScts(
  logs: readonly TestLog[],
  spec: CertificateSpec = {},
  options: Parameters<typeof makeSct>[2] = {},
): Certificate {
  const common = { issuer: root, key: leafKey, ...spec };
  const entry = embeddedEntry(readCertificate(issue(common).der), issuer);
  assert.ok(entry !== null);
  const scts = logs.map((log) => makeSct(log, entry, options));
  const embedded = extension('1.3.6.1.4.1.11129.2.4.2', false, der.octetString(list(...scts)));
  return readCertificate(issue({ ...common, extensions: [...(spec.extensions ?? []), embedded] }).der);
}

const [one, two, three] = [makeLog('One'), makeLog('Two'), makeLog('Three')] as const;
const check = createSctChecker([one, two, three]);
const now = new Date();
const verdicts = (
  certificate: Certificate,
  more: { tlsList?: Uint8Array; ocspList?: Uint8Array; issuer?: Certificate | null } = {},
): string[] =>
  check({ certificate, issuer, tlsList: null, ocspList: null, now, ...more }).scts.map(
    ({ source, verdict }) => `${source} ${verdict}`,
  );

it('verifies embedded SCTs', () => {
  const certificate = withScts([one, two]);
  assert.equal(certificate.sctCount, 2);
  assert.deepEqual(verdicts(certificate), ['embedded valid', 'embedded valid']);
});

it('verifies SCTs that come by TLS and by OCSP, over the certificate itself', () => {
  const certificate = readCertificate(issue().der);
  const sct = makeSct(one, { type: 'x509', bytes: certificate.der });
  assert.deepEqual(verdicts(certificate, { tlsList: list(sct), ocspList: list(sct) }), [
    'tls valid',
    'ocsp valid',
  ]);
  assert.deepEqual(verdicts(withScts([]), { tlsList: list(sct) }), ['tls bad-signature']);
});

it('verifies SCTs of a log with an RSA key', () => {
  const log = makeLog('RSA', {}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  const certificate = withScts([log]);
  const { scts } = createSctChecker([log])({ certificate, issuer, tlsList: null, ocspList: null, now });
  assert.deepEqual(
    scts.map(({ verdict }) => verdict),
    ['valid'],
  );
});

it('tells SCTs that are worth nothing', () => {
  const stranger = makeLog('Stranger');
  const liar: TestLog = { ...makeLog('Liar'), logId: one.logId };
  assert.deepEqual(verdicts(withScts([stranger])), ['embedded unknown-log']);
  assert.deepEqual(verdicts(withScts([liar])), ['embedded bad-signature']);
  assert.deepEqual(verdicts(withScts([one], {}, { at: daysFromNow(1) })), ['embedded future']);
  assert.deepEqual(verdicts(withScts([one]), { issuer: null }), ['embedded unverified']);
  assert.deepEqual(verdicts(withScts([one]), { issuer: readCertificate(issueCa().der) }), [
    'embedded bad-signature',
  ]);
});

it('asks SCTs of static logs for their index', () => {
  const log = makeLog('Static', { protocol: 'static-ct' });
  const checker = createSctChecker([log]);
  const judge = (certificate: Certificate): string[] =>
    checker({ certificate, issuer, tlsList: null, ocspList: null, now }).scts.map(
      ({ verdict, sct }) => `${verdict} ${sct.leafIndex}`,
    );
  assert.deepEqual(judge(withScts([log])), ['missing-leaf-index null']);
  assert.deepEqual(judge(withScts([log], {}, { extensions: leafIndex })), ['valid 258']);
});

it('never throws for lists that are cut off, mutated or random', () => {
  const whole = list(
    makeSct(one, { type: 'x509', bytes: Buffer.from('x') }),
    makeSct(two, { type: 'x509', bytes: Buffer.from('x') }),
  );
  assert.equal(readSctList(whole).scts.length, 2);
  for (let length = 0; length < whole.length; length += 1) {
    const cut = readSctList(whole.subarray(0, length));
    assert.ok(cut.problems.length > 0);
  }
  let seed = 7;
  for (let round = 0; round < 20_000; round += 1) {
    const mutated = Buffer.from(whole);
    for (let count = 0; count < 3; count += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      mutated[seed % mutated.length] = seed >> 8;
    }
    readSctList(mutated);
    readSct(mutated.subarray(4));
  }
  assert.deepEqual(readSctList(Buffer.from([0, 0])), { scts: [], problems: [] });
});

const day = 86_400_000;
const spec = (days: number, secondsLess = 0): CertificateSpec => {
  const notBefore = daysFromNow(-10);
  return { notBefore, notAfter: new Date(notBefore.getTime() + days * day - secondsLess * 1000) };
};
const retired = (operator: string, days: number): TestLog =>
  makeLog(operator, { state: 'retired', stateSince: daysFromNow(days) });
const oneMore = makeLog('One');
const staticLog = makeLog('Static', { protocol: 'static-ct' });
const staticToo = makeLog('Static too', { protocol: 'static-ct' });

const policyCases: readonly (readonly [
  what: string,
  logs: readonly TestLog[],
  spec: CertificateSpec,
  chrome: boolean,
  apple: boolean,
])[] = [
  ['two SCTs in 90 days', [one, two], spec(90), true, true],
  ['one SCT in 90 days', [one], spec(90), false, false],
  ['no SCT that counts', [makeLog('Rejected', { state: 'rejected' })], spec(90), false, false],
  ['one log twice', [one, one], spec(90), false, false],
  ['two logs of one operator', [one, oneMore], spec(90), false, false],
  ['two SCTs in 180 days, notAfter included', [one, two], spec(180, 1), true, true],
  ['two SCTs in 180 days and a second', [one, two], spec(180), true, false],
  ['two SCTs in more than 180 days', [one, two], spec(180, -1), false, false],
  ['three SCTs in 397 days', [one, two, three], spec(397), true, true],
  ['three SCTs of two operators in 397 days', [one, oneMore, two], spec(397), true, true],
  ['four SCTs, three of one operator, in 397 days', [one, oneMore, makeLog('One')], spec(397), false, false],
  ['a log that was retired after the SCT', [one, retired('Two', -0.5)], spec(90), true, true],
  ['a log that was retired before the SCT', [one, retired('Two', -2)], spec(90), false, false],
  ['retired logs only', [retired('One', -0.5), retired('Two', -0.5)], spec(90), false, false],
  [
    'readonly and qualified logs',
    [makeLog('A', { state: 'readonly' }), makeLog('B', { state: 'qualified' })],
    spec(90),
    true,
    true,
  ],
  ['a pending log', [one, makeLog('B', { state: 'pending' })], spec(90), false, false],
  [
    "two logs of which one came to the other's operator after the SCT",
    [one, makeLog('One', { previousOperators: [{ name: 'Two', until: daysFromNow(-0.5) }] })],
    spec(90),
    true,
    true,
  ],
  [
    "two logs of which one came to the other's operator before the SCT",
    [one, makeLog('One', { previousOperators: [{ name: 'Two', until: daysFromNow(-5) }] })],
    spec(90),
    false,
    false,
  ],
  ['one static log', [one, staticLog], spec(90), true, true],
  ['static logs only', [staticLog, staticToo], spec(90), true, false],
];
for (const [what, logs, certificateSpec, chrome, apple] of policyCases) {
  it(`judges ${what}: Chrome ${chrome ? 'accepts' : 'refuses'}, Apple ${apple ? 'accepts' : 'refuses'}`, () => {
    const certificate = withScts(logs, certificateSpec, { extensions: leafIndex });
    const { scts } = createSctChecker(logs)({ certificate, issuer, tlsList: null, ocspList: null, now });
    const judged = ctPolicies.map((policy) => judgeCtPolicy(certificate, scts, policy, now));
    assert.deepEqual(
      judged.map(({ isCompliant }) => isCompliant),
      [chrome, apple, chrome],
    );
    for (const { isCompliant, reasons } of judged) assert.equal(reasons.length === 0, isCompliant);
  });
}

it('asked for a log with the API of RFC 6962 until each programme dropped that', () => {
  const certificate = withScts([staticLog, staticToo], spec(90), { extensions: leafIndex });
  const { scts } = createSctChecker([staticLog, staticToo])({
    certificate,
    issuer,
    tlsList: null,
    ocspList: null,
    now,
  });
  const at = (text: string): (boolean | null)[] =>
    ctPolicies.map((policy) => judgeCtPolicy(certificate, scts, policy, new Date(text)).isCompliant);
  assert.deepEqual(at('2026-02-10T09:45:57Z'), [false, false, false]);
  assert.deepEqual(at('2026-04-14T23:59:59Z'), [false, false, true]);
  assert.deepEqual(at('2026-04-15T00:00:00Z'), [true, false, true]);
});

it('accepts SCTs by TLS: all for Chrome, one beside an embedded one for Apple', () => {
  const bare = readCertificate(issue({ issuer: root, ...spec(90) }).der);
  const entry: SignedEntry = { type: 'x509', bytes: bare.der };
  const judge = (certificate: Certificate, tlsList: Buffer): (boolean | null)[] => {
    const { scts } = check({ certificate, issuer, tlsList, ocspList: null, now });
    return ctPolicies.map((policy) => judgeCtPolicy(certificate, scts, policy, now).isCompliant);
  };
  assert.deepEqual(judge(bare, list(makeSct(one, entry), makeSct(two, entry))), [true, true, true]);
  assert.deepEqual(judge(bare, list(makeSct(one, entry))), [false, false, false]);
  const embedded = withScts([one], spec(90));
  const own: SignedEntry = { type: 'x509', bytes: embedded.der };
  assert.deepEqual(judge(embedded, list(makeSct(two, own))), [false, true, false]);
  assert.deepEqual(judge(embedded, list(makeSct(one, own))), [false, false, false]);
});

it('does not judge without the issuer', () => {
  const certificate = withScts([one, two], spec(90));
  const { scts } = check({ certificate, issuer: null, tlsList: null, ocspList: null, now });
  assert.deepEqual(
    ctPolicies.map((policy) => judgeCtPolicy(certificate, scts, policy, now).isCompliant),
    [null, null, null],
  );
});

it('hashes the key of the log list into the id of the log', () => {
  assert.equal(createHash('sha256').update(spki(one.privateKey)).digest('base64'), one.logId);
});
