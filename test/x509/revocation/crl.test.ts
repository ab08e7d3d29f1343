import assert from 'node:assert/strict';
import { it } from 'node:test';
import { crlEntries, findCrlEntry } from '../../../src/x509/revocation/crl-entries.js';
import { DerError, readElement } from '../../../src/x509/read/der.js';
import { readPathCrl, reasonFor } from '../../../src/x509/revocation/crl.js';
import * as der from '../../support/der-writer.js';
import { reasonCode } from '../../support/crl.js';
import { daysFromNow, extension, issueCa, signatureAlgorithm, signed } from '../../support/pki.js';

const root = issueCa('Example CA');
const now = daysFromNow(0);

const entry = (serial: bigint, ...extensions: readonly Buffer[]): Buffer =>
  der.sequence(
    der.integer(serial),
    der.time(now),
    ...(extensions.length > 0 ? [der.sequence(...extensions)] : []),
  );

it('lists every entry with what it says', () => {
  const invalidity = extension('2.5.29.24', false, der.element(0x18, Buffer.from('20260101000000Z')));
  const other = extension('2.5.29.29', true, der.sequence(der.context(4, true, root.subjectName)));
  const strange = extension('1.2.3', true, der.nullValue());
  const list = der.sequence(
    entry(1n, reasonCode(4), invalidity),
    entry(-1n),
    entry(0n, other),
    entry(2n ** 150n, strange),
  );
  const entries = [...crlEntries(list, readElement(list, 0))];
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

const manyEntries = Buffer.concat(
  Array.from({ length: 100_000 }, (_, index) => entry(BigInt(index) + (1n << 120n), reasonCode(index % 6))),
);

it('reads 100,000 entries fast, and in little memory', () => {
  const list = der.sequence(manyEntries);
  const element = readElement(list, 0);
  for (const _ of crlEntries(list, element)) break;
  findCrlEntry(list, element, Buffer.from([0xab]));
  const memory = process.memoryUsage().heapUsed;
  const start = process.cpuUsage();
  let count = 0;
  for (const one of crlEntries(list, element)) count += one.serialNumber.length > 0 ? 1 : 0;
  const { user, system } = process.cpuUsage(start);
  const searched = process.cpuUsage();
  const last = findCrlEntry(list, element, Buffer.from(`0${((1n << 120n) + 99_999n).toString(16)}`, 'hex'));
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

it('judges by a whole CRL of 100,000 entries fast, and in little memory', () => {
  const tbs = der.sequence(
    der.integer(1),
    signatureAlgorithm(root.key, 'sha256'),
    root.subjectName,
    der.time(daysFromNow(-1)),
    der.time(daysFromNow(5)),
    der.sequence(manyEntries),
    der.context(0, true, der.sequence(extension('2.5.29.20', false, der.integer(7)))),
  );
  const crl = signed(tbs, root.key);
  const serial = Buffer.from(`0${((1n << 120n) + 99_999n).toString(16)}`, 'hex');
  const judge = (): string | null => {
    const read = readPathCrl(crl);
    return reasonFor(read, { serialOctets: serial, issuer: read.issuer });
  };
  judge();
  const before = process.memoryUsage();
  const start = process.cpuUsage();
  assert.equal(judge(), 'affiliationChanged');
  const { user, system } = process.cpuUsage(start);
  const after = process.memoryUsage();
  assert.ok(user + system < 1_000_000, `${(user + system) / 1000} ms of processor time`);
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  assert.ok(grown < 20 * 2 ** 20, `${grown} bytes more`);
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
      findCrlEntry(mutated, element, Buffer.from([3]));
      for (const _ of crlEntries(mutated, element));
    } catch (error) {
      assert.ok(error instanceof DerError, String(error));
    }
  }
});
