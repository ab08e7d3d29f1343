import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readBundle } from '../../src/x509/files/bundle.js';
import { checkKey } from '../../src/x509/keys/check-key.js';
import { concernsDomain } from '../../src/x509/read/names.js';
import { readCertificate, readTbs } from '../../src/x509/read/read-certificate.js';
import * as der from '../support/der-writer.js';
import { extension, issue, issueCa, type Issued } from '../support/pki.js';
import { attribute, rdns, text } from './assemble.js';

/** How many inputs; the full count of the acceptance is 200000. */
const rounds = Number(process.env['CERTGLASS_FUZZ_ROUNDS'] ?? 12_000);

/** Marsaglia's xorshift32: the same inputs on every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const watched = 'watched.example.com';
const root = issueCa('Fuzz CA');
const url = (text: string): Buffer => der.context(6, false, Buffer.from(text));
const bases: readonly Issued[] = [
  issue({
    issuer: root,
    subject: watched,
    dnsNames: [watched, 'other.example.org'],
    ipAddresses: ['192.0.2.1'],
  }),
  issue({ issuer: root, subject: rdns(), dnsNames: [watched], key: { rsa: 1024 } }),
  issue({
    issuer: root,
    subject: rdns(
      der.set(attribute('2.5.4.10', 12, text('Example'))),
      der.set(attribute('2.5.4.3', 12, text(watched))),
    ),
    extensions: [
      extension(
        '2.5.29.31',
        false,
        der.sequence(der.sequence(der.context(0, true, der.context(0, true, url('http://crl.test/a.crl'))))),
      ),
      extension(
        '1.3.6.1.5.5.7.1.1',
        false,
        der.sequence(der.sequence(der.oid('1.3.6.1.5.5.7.48.1'), url('http://ocsp.test'))),
      ),
    ],
  }),
];

/** Changes, cuts, doubles or replaces some of the bytes. */
function mutate(base: Buffer, random: (below: number) => number): Buffer {
  const kind = random(10);
  if (kind === 0) return base.subarray(0, random(base.length));
  if (kind === 1) return Buffer.from(Array.from({ length: random(300) }, () => random(256)));
  const mutated = Buffer.from(base);
  for (let count = random(6); count >= 0; count -= 1) mutated[random(mutated.length)] = random(256);
  if (kind === 2) mutated.copyWithin(random(mutated.length), random(mutated.length), random(mutated.length));
  if (kind === 3) return Buffer.concat([mutated, mutated.subarray(random(mutated.length))]);
  if (kind === 4) mutated[random(mutated.length)]! ^= 1 << random(8);
  return mutated;
}

it(`survives ${rounds} mutated, cut and random inputs, and finds every watched name that is still readable`, () => {
  const random = createRandom(20261123);
  let longestMs = 0;
  let missed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const input = mutate(bases[round % bases.length]!.der, random);
    const start = performance.now();
    const read = round % 2 === 0 ? readCertificate(input) : readTbs(input);
    longestMs = Math.max(longestMs, performance.now() - start);
    assert.equal(read.der.length, input.length);
    if (!input.includes(watched)) continue;
    assert.ok(containsName(input, watched));
    if (!read.names.some((name) => concernsDomain(name, watched) || name.endsWith(watched))) missed += 1;
  }
  assert.equal(missed, 0);
  assert.ok(longestMs < 1000, `${longestMs} ms`);
});

it('survives them in the checks of keys and in bundles as well', () => {
  const random = createRandom(4711);
  for (let round = 0; round < rounds / 10; round += 1) {
    const input = mutate(bases[round % bases.length]!.der, random);
    checkKey(readCertificate(input));
    readBundle(input);
  }
});

it('keeps its memory', () => {
  const random = createRandom(815);
  const run = (count: number): void => {
    for (let round = 0; round < count; round += 1)
      readCertificate(mutate(bases[round % bases.length]!.der, random));
  };
  run(rounds / 4);
  const before = process.memoryUsage().rss;
  run(rounds);
  assert.ok(process.memoryUsage().rss - before < 50 * 2 ** 20);
});

/** Whether the bytes hold the name in readable form: ASCII in any case, BMPString or UniversalString. */
function containsName(bytes: Uint8Array, name: string): boolean {
  const text = Buffer.from(bytes).toString('latin1').toLowerCase();
  return ['', '\0', '\0\0\0'].some((padding) =>
    text.includes([...name].map((character) => padding + character).join('')),
  );
}
