import assert from 'node:assert/strict';
import { createHash, generatePrimeSync, randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { createSharedPrimeFinder, type SharedPrime } from '../../../src/x509/keys/batch-gcd.js';
import { startSharedPrimeWorker } from '../../../src/x509/keys/shared-primes.js';

const prime = (bits = 512): bigint => generatePrimeSync(bits, { bigint: true });
const octets = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(256, '0'), 'hex');
const id = (value: bigint): string => createHash('sha256').update(octets(value)).digest('hex');
const [p, q, r, s, t] = [prime(), prime(), prime(), prime(), prime()] as const;
/** A modulus that shares nothing with the others, but by chance less than once in 10^100. */
const lone = (): bigint => BigInt(`0x80${randomBytes(127).toString('hex')}`) | 1n;
const withoutSmall = (value: bigint): bigint =>
  value % 3n === 0n || value % 5n === 0n || value % 7n === 0n ? withoutSmall(lone()) : value;
const lonely = Array.from({ length: 40 }, () => withoutSmall(lone()));

function groups(found: readonly SharedPrime[]): string[] {
  return found.map(({ moduli }) => [...moduli].sort().join(' ')).sort();
}
const expected = (...lists: readonly (readonly bigint[])[]): string[] =>
  lists.map((list) => list.map(id).sort().join(' ')).sort();

it('finds nothing among moduli that share nothing', () => {
  const finder = createSharedPrimeFinder();
  assert.deepEqual(finder.add([...lonely, p * q, r * s].map(octets)), []);
  assert.equal(finder.size, 42);
});

it('finds pairs, groups, and moduli both of whose primes are shared', () => {
  const finder = createSharedPrimeFinder();
  const all = [...lonely.slice(0, 9), p * q, p * r, p * s, q * r, ...lonely.slice(9, 20)];
  const found = finder.add(all.map(octets));
  assert.deepEqual(groups(found), expected([p * q, p * r, p * s], [p * q, q * r], [p * r, q * r]));
  assert.ok(found.every(({ primeBits }) => primeBits === 512));
});

it('compares new moduli with those given before, and speaks of new ones only', () => {
  const finder = createSharedPrimeFinder();
  assert.deepEqual(finder.add([p * q, ...lonely.slice(0, 5)].map(octets)), []);
  assert.deepEqual(groups(finder.add([octets(p * r)])), expected([p * q, p * r]));
  assert.deepEqual(finder.add([octets(s * t), octets(p * q)]), []);
  assert.deepEqual(groups(finder.add([octets(p * s)])), expected([p * q, p * r, p * s], [s * t, p * s]));
});

it('takes the same modulus twice for one key', () => {
  const finder = createSharedPrimeFinder();
  assert.deepEqual(
    finder.add([octets(p * q), octets(p * q), Buffer.concat([Buffer.from([0]), octets(p * q)])]),
    [],
  );
  assert.equal(finder.size, 1);
});

it('passes over moduli that other checks judge', () => {
  const finder = createSharedPrimeFinder();
  assert.deepEqual(
    finder.add([octets(2n * p), octets(2n * q), Buffer.alloc(0), Buffer.alloc(3000, 1), Buffer.from([15])]),
    [],
  );
  assert.equal(finder.size, 0);
  assert.deepEqual(finder.add([octets(3n * p), octets(3n * q)]), []);
});

it('finds primes shared across chunks and batches', () => {
  const finder = createSharedPrimeFinder(4);
  const found = finder.add([p * q, ...lonely.slice(0, 15), p * r, ...lonely.slice(15, 25)].map(octets));
  assert.deepEqual(groups(found), expected([p * q, p * r]));
  assert.deepEqual(groups(finder.add([octets(q * s)])), expected([p * q, q * s]));
});

it('works in a thread of its own, and ends when told', async () => {
  const worker = startSharedPrimeWorker();
  const [none, some] = await Promise.all([worker.add([octets(p * q)]), worker.add([octets(p * r)])]);
  assert.deepEqual(none, []);
  assert.deepEqual(groups(some), expected([p * q, p * r]));
  const unfinished = worker.add(lonely.map(octets));
  const rejected = assert.rejects(unfinished, /closed/);
  await worker.close();
  await rejected;
  await assert.rejects(worker.add([]), /closed/);
});
