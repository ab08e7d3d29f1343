import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openCrl, type Crl } from '../../src/x509/crl.js';
import { crlEntries, findCrlEntry } from '../../src/x509/crl-entries.js';
import { DerError, readElement } from '../../src/x509/der.js';
import { readCertificate } from '../../src/x509/read-certificate.js';
import * as der from '../support/der-writer.js';
import { issuingDistributionPoint, reasonCode } from '../support/crl.js';
import {
  daysFromNow,
  extension,
  issue,
  issueCa,
  signatureAlgorithm,
  signed,
  type Issued,
} from '../support/pki.js';

const uri = (text: string): Buffer =>
  der.context(0, true, der.context(0, true, der.context(6, false, Buffer.from(text))));
const root = issueCa('Example CA');
const issuer = readCertificate(root.der);
const points = extension('2.5.29.31', false, der.sequence(der.sequence(uri('http://crl.example/1.crl'))));
const leaf = readCertificate(issue({ issuer: root, serialNumber: 0xab01n, extensions: [points] }).der);
const now = daysFromNow(0);
/** The whole second of `now`, and days from it. */
const at = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

interface Spec {
  readonly signer?: Issued;
  readonly entries?: readonly Buffer[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  readonly extensions?: readonly Buffer[];
}

const entry = (serial: bigint, ...extensions: readonly Buffer[]): Buffer =>
  der.sequence(
    der.integer(serial),
    der.time(at(-2)),
    ...(extensions.length > 0 ? [der.sequence(...extensions)] : []),
  );

function makeCrl({
  signer = root,
  entries = [],
  thisUpdate = at(-1),
  nextUpdate = at(5),
  extensions = [],
}: Spec = {}): Buffer {
  const tbs = der.sequence(
    der.integer(1),
    signatureAlgorithm(signer.key, 'sha256'),
    signer.subjectName,
    der.time(thisUpdate),
    ...(nextUpdate === null ? [] : [der.time(nextUpdate)]),
    ...(entries.length > 0 ? [der.sequence(...entries)] : []),
    der.context(0, true, der.sequence(extension('2.5.29.20', false, der.integer(7)), ...extensions)),
  );
  return signed(tbs, signer.key);
}

function open(bytes: Uint8Array): Crl {
  const crl = openCrl(bytes, issuer, now);
  assert.ok(typeof crl !== 'string', String(crl));
  return crl;
}

it('tells revoked certificates, with time and reason, from others', () => {
  const crl = open(makeCrl({ entries: [entry(1n), entry(0xab01n, reasonCode(1)), entry(3n)] }));
  const verdict = crl.judge(leaf);
  assert.equal(verdict.status, 'revoked');
  assert.deepEqual(verdict.entry, {
    serialNumber: 'ab01',
    revokedAt: at(-2),
    reason: 'keyCompromise',
    invalidityDate: null,
    certificateIssuer: null,
    unknownCritical: [],
  });
  assert.equal(open(makeCrl({ entries: [entry(0xab02n)] })).judge(leaf).status, 'not-listed');
  assert.equal(open(makeCrl()).judge(leaf).status, 'not-listed');
  assert.deepEqual([crl.thisUpdate, crl.nextUpdate], [at(-1), at(5)]);
});

it('lists every entry with what it says', () => {
  const invalidity = extension('2.5.29.24', false, der.element(0x18, Buffer.from('20260101000000Z')));
  const other = extension('2.5.29.29', true, der.sequence(der.context(4, true, root.subjectName)));
  const strange = extension('1.2.3', true, der.nullValue());
  const entries = [
    ...open(
      makeCrl({
        entries: [
          entry(1n, reasonCode(4), invalidity),
          entry(-1n),
          entry(0n, other),
          entry(2n ** 150n, strange),
        ],
      }),
    ).entries(),
  ];
  assert.deepEqual(
    entries.map(({ serialNumber }) => serialNumber),
    ['1', 'ff', '0', (2n ** 150n).toString(16)],
  );
  assert.deepEqual(
    entries.map(({ reason }) => reason),
    ['superseded', null, null, null],
  );
  assert.equal(entries[0]?.invalidityDate?.toISOString(), '2026-01-01T00:00:00.000Z');
  assert.deepEqual(
    entries.map(({ certificateIssuer }) => certificateIssuer !== null),
    [false, false, true, true],
  );
  assert.deepEqual(entries[3]?.unknownCritical, ['1.2.3']);
});

it('proves nothing of certificates out of its scope', () => {
  const shard = (name: string): Buffer => makeCrl({ extensions: [issuingDistributionPoint(uri(name))] });
  assert.equal(open(shard('http://crl.example/1.crl')).judge(leaf).status, 'not-listed');
  assert.equal(open(shard('http://crl.example/2.crl')).judge(leaf).status, 'not-covered');
  const onlyCas = makeCrl({
    extensions: [issuingDistributionPoint(der.context(2, false, Buffer.from([0xff])))],
  });
  assert.equal(open(onlyCas).judge(leaf).status, 'not-covered');
  const stranger = readCertificate(issue({ issuer: issueCa('Other CA') }).der);
  assert.equal(open(makeCrl()).judge(stranger).status, 'not-covered');
  assert.equal(open(makeCrl()).judge(readCertificate(Buffer.from('x'))).status, 'not-covered');
});

it('does not call a certificate revoked by an entry it does not understand', () => {
  const strange = extension('1.2.3', true, der.nullValue());
  assert.equal(open(makeCrl({ entries: [entry(0xab01n, strange)] })).judge(leaf).status, 'unusable');
  assert.equal(open(makeCrl({ entries: [der.sequence(der.nullValue())] })).judge(leaf).status, 'unusable');
});

const impostor = issueCa('Example CA');
const refused: readonly (readonly [what: string, crl: () => Buffer, problem: RegExp])[] = [
  ['no CRL', () => Buffer.from('nothing'), /cannot be read/],
  ['a certificate', () => root.der, /cannot be read/],
  ['a CRL of another issuer', () => makeCrl({ signer: issueCa('Other CA') }), /another issuer/],
  [
    'a forged CRL',
    () => makeCrl({ signer: { ...impostor, subjectName: root.subjectName } }),
    /wrong signature/,
  ],
  ['a CRL that is out of date', () => makeCrl({ nextUpdate: at(-0.1) }), /out of date/],
  ['a CRL without an end', () => makeCrl({ nextUpdate: null }), /next/],
  ['a CRL from the future', () => makeCrl({ thisUpdate: at(1) }), /future/],
  ['a delta CRL', () => makeCrl({ extensions: [extension('2.5.29.27', true, der.integer(1))] }), /delta CRL/],
  [
    'an unknown critical extension',
    () => makeCrl({ extensions: [extension('1.2.3', true, der.nullValue())] }),
    /critical extension 1\.2\.3/,
  ],
];
for (const [what, crl, problem] of refused) {
  it(`refuses ${what} by name`, () => {
    const opened = openCrl(crl(), issuer, now);
    assert.match(typeof opened === 'string' ? opened : 'accepted', problem);
  });
}

it('refuses the CRL of an issuer whose keyUsage lacks cRLSign', () => {
  const keyUsage = extension('2.5.29.15', true, der.bitString(Buffer.from([0x04]), 2));
  const signer = issue({ subject: 'No CRL CA', bare: true, ca: true, extensions: [keyUsage] });
  assert.match(String(openCrl(makeCrl({ signer }), readCertificate(signer.der), now)), /cRLSign/);
});

it('reads 100,000 entries fast, and in little memory', () => {
  const entries = Array.from({ length: 100_000 }, (_, index) =>
    entry(BigInt(index) + (1n << 120n), reasonCode(index % 6)),
  );
  const list = der.sequence(Buffer.concat(entries));
  const element = readElement(list, 0);
  for (const _ of crlEntries(list, element)) break;
  findCrlEntry(list, element, 'ab');
  const memory = process.memoryUsage().heapUsed;
  const start = process.cpuUsage();
  let count = 0;
  for (const one of crlEntries(list, element)) count += one.serialNumber.length > 0 ? 1 : 0;
  const { user, system } = process.cpuUsage(start);
  const searched = process.cpuUsage();
  const last = findCrlEntry(list, element, ((1n << 120n) + 99_999n).toString(16));
  const search = process.cpuUsage(searched);
  assert.equal(count, 100_000);
  assert.ok(last !== null);
  assert.ok((user + system) / 1000 < 1000, `${(user + system) / 1000} ms of processor time`);
  assert.ok(
    (search.user + search.system) / 1000 < 200,
    `${(search.user + search.system) / 1000} ms to find one`,
  );
  assert.ok(process.memoryUsage().heapUsed - memory < 64 * 2 ** 20);
});

it('throws nothing but DerError for mutated entries', () => {
  const list = der.sequence(
    entry(1n, reasonCode(1)),
    entry(2n),
    entry(3n, extension('2.5.29.24', false, der.time(now))),
  );
  let seed = 5;
  for (let round = 0; round < 20_000; round += 1) {
    const mutated = Buffer.from(list);
    for (let count = 0; count < 2; count += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      mutated[2 + (seed % (mutated.length - 2))] = seed >> 9;
    }
    try {
      const element = readElement(mutated, 0);
      findCrlEntry(mutated, element, '3');
      for (const _ of crlEntries(mutated, element));
    } catch (error) {
      assert.ok(error instanceof DerError, String(error));
    }
  }
});
