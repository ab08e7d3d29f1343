import assert from 'node:assert/strict';
import { generateKeyPairSync, getDiffieHellman, generatePrimeSync, randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { checkKey, checkPublicKey } from '../../../src/x509/keys/check-key.js';
import { readCertificate, readTbs } from '../../../src/x509/read/read-certificate.js';
import * as der from '../../support/der-writer.js';
import { issue, makeKey, spki } from '../../support/pki.js';

/** SubjectPublicKeyInfo of an RSA key with these numbers. */
function rsaSpki(modulus: bigint, exponent = 65_537n): Buffer {
  return rsaSpkiOf(der.integer(modulus), der.integer(exponent));
}

function rsaSpkiOf(...integers: readonly Buffer[]): Buffer {
  const algorithm = der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue());
  return der.sequence(algorithm, der.bitString(der.sequence(...integers)));
}

function keySpki(algorithm: Buffer, bits: Uint8Array): Buffer {
  return der.sequence(algorithm, der.bitString(bits));
}

const prime = (bits: number): bigint => generatePrimeSync(bits, { bigint: true });
const codes = (bytes: Uint8Array): string[] => checkPublicKey(bytes).map(({ code }) => code);
const number = (octets: Buffer): bigint => BigInt(`0x${octets.toString('hex')}`);

const p = prime(1024);
const q = prime(1024);
const n = p * q;

function nextPrime(after: bigint): bigint {
  for (let candidate = after + 2n; ; candidate += 2n)
    if ([3n, 5n, 7n, 11n, 13n, 17n].every((small) => candidate % small !== 0n) && isProbablePrime(candidate))
      return candidate;
}

function isProbablePrime(candidate: bigint): boolean {
  return power(2n, candidate - 1n, candidate) === 1n;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

/** A modulus whose primes are powers of 65537 modulo every prime up to 167, as Infineon's are. */
function rocaModulus(): bigint {
  const primorial = [
    2n,
    3n,
    5n,
    7n,
    11n,
    13n,
    17n,
    19n,
    23n,
    29n,
    31n,
    37n,
    41n,
    43n,
    47n,
    53n,
    59n,
    61n,
    67n,
    71n,
    73n,
    79n,
    83n,
    89n,
    97n,
    101n,
    103n,
    107n,
    109n,
    113n,
    127n,
    131n,
    137n,
    139n,
    149n,
    151n,
    157n,
    163n,
    167n,
  ].reduce((all, small) => all * small);
  const rocaPrime = (): bigint => {
    for (;;) {
      const candidate =
        (number(randomBytes(98)) | (1n << 783n)) * primorial +
        power(65_537n, number(randomBytes(8)), primorial);
      if (isProbablePrime(candidate)) return candidate;
    }
  };
  return rocaPrime() * rocaPrime();
}

/** A key whose private exponent has 500 of 2048 bits. */
function wienerSpki(): Buffer {
  const phi = (p - 1n) * (q - 1n);
  let d = prime(500);
  while (phi % d === 0n) d = prime(500);
  return rsaSpki(n, inverse(d, phi));
}

/** Of 2048 bits; the product of primes with that many bits together may have fewer. */
function withFactorOf20Bits(): bigint {
  for (;;) {
    const modulus = prime(20) * p * prime(1004);
    if (modulus.toString(2).length === 2048) return modulus;
  }
}

const rsaCases: readonly (readonly [what: string, bytes: () => Buffer, code: string | null])[] = [
  ['a sound key', () => rsaSpki(n), null],
  ['a key of Node', () => spki(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey), null],
  ['2047 bits', () => rsaSpki((n >> 1n) | 1n), 'rsa-too-small'],
  ['1023 bits', () => rsaSpki(prime(512) * prime(511)), 'rsa-too-small'],
  ['2056 bits', () => rsaSpki(p * prime(1032)), null],
  ['2050 bits', () => rsaSpki(p * prime(1026)), 'rsa-size-not-divisible'],
  ['100,000 bits', () => rsaSpki(number(randomBytes(12_500)) | (1n << 99_999n) | 1n), 'rsa-too-large'],
  ['an even modulus', () => rsaSpki(n - 1n), 'rsa-even-modulus'],
  ['an even modulus of 100,000 bits', () => rsaSpki(1n << 99_999n), 'rsa-even-modulus'],
  ['a square', () => rsaSpki(p * p), 'rsa-prime-power'],
  ['a cube', () => rsaSpki(prime(688) ** 3n), 'rsa-prime-power'],
  ['a 64th power', () => rsaSpki(prime(33) ** 64n), 'rsa-prime-power'],
  ['a prime', () => rsaSpki(number(getDiffieHellman('modp14').getPrime())), 'rsa-prime-power'],
  ['the factor 3', () => rsaSpki(3n * n), 'rsa-small-factor'],
  ['the factor 751', () => rsaSpki(751n * n), 'rsa-small-factor'],
  ['the factor 65521', () => rsaSpki(65_521n * n), 'rsa-small-factor'],
  ['the factor 65537', () => rsaSpki(65_537n * n), 'rsa-small-factor'],
  ['a factor of 20 bits', () => rsaSpki(withFactorOf20Bits()), null],
  ['exponent 1', () => rsaSpki(n, 1n), 'rsa-exponent-one'],
  ['exponent 0', () => rsaSpki(n, 0n), 'rsa-exponent-one'],
  ['an even exponent', () => rsaSpki(n, 65_538n), 'rsa-exponent-even'],
  ['exponent 3', () => rsaSpki(n, 3n), 'rsa-exponent-small'],
  ['exponent 65537', () => rsaSpki(n, 65_537n), null],
  ['exponent 2^256 - 1', () => rsaSpki(n, 2n ** 256n - 1n), null],
  ['exponent 2^256 + 1', () => rsaSpki(n, 2n ** 256n + 1n), 'rsa-exponent-huge'],
  ['the modulus as exponent', () => rsaSpki(n, n), 'rsa-exponent-above-modulus'],
  ['an exponent above the modulus', () => rsaSpki(n, n + 2n), 'rsa-exponent-above-modulus'],
  ['neighbouring primes', () => rsaSpki(p * nextPrime(p)), 'rsa-close-primes'],
  [
    'primes that Fermat finds in one of 100 rounds',
    () => rsaSpki(p * nextPrime(p + (1n << 513n))),
    'rsa-close-primes',
  ],
  ['primes 2^600 apart', () => rsaSpki(p * nextPrime(p + (1n << 600n))), null],
  ['the structure of ROCA', () => rsaSpki(rocaModulus()), 'rsa-roca'],
  ['a small private exponent', wienerSpki, 'rsa-small-private-exponent'],
  [
    'a run of zeros',
    () =>
      rsaSpki(
        number(Buffer.concat([Buffer.from([0xff]), randomBytes(100), Buffer.alloc(8), randomBytes(147)])) |
          1n,
      ),
    'rsa-zero-bytes',
  ],
  [
    'another octet sixteen times in a row',
    () =>
      rsaSpki(
        number(Buffer.concat([randomBytes(100).fill(0xc5, 0, 1), Buffer.alloc(16, 0x5a), randomBytes(140)])) |
          1n,
      ),
    'rsa-repeated-octets',
  ],
  [
    'zeros at regular places',
    () =>
      rsaSpki(number(Buffer.from(randomBytes(256).map((octet, at) => (at % 8 === 3 ? 0 : octet | 1)))) | 1n),
    'rsa-zero-bytes',
  ],
];
for (const [what, bytes, code] of rsaCases) {
  it(`${code === null ? 'passes' : `flags as ${code}`} an RSA key with ${what}`, () => {
    const problems = checkPublicKey(bytes());
    assert.ok(problems.every(({ source, message }) => source.length > 5 && message.length > 15));
    const found = problems.map((problem) => problem.code).filter((other) => code === null || other === code);
    assert.deepEqual(found, code === null ? [] : [code]);
  });
}

it('flags Fermat at its limit of 100 rounds only up to it', () => {
  // For p and q = p + 2d, the first round is ceil(sqrt(n)) and the last (p + q) / 2, about d^2 / (2p) apart.
  const at = (rounds: bigint): Buffer => {
    let d = 0n;
    for (let bit = 530n; bit >= 0n; bit -= 1n) if ((d + (1n << bit)) ** 2n < rounds * 2n * p) d += 1n << bit;
    return rsaSpki(p * (p + 2n * d));
  };
  assert.ok(codes(at(90n)).includes('rsa-close-primes'));
  assert.ok(!codes(at(120n)).includes('rsa-close-primes'));
});

const ecAlgorithm = (curve: string): Buffer => der.sequence(der.oid('1.2.840.10045.2.1'), der.oid(curve));
const p256 = '1.2.840.10045.3.1.7';
const point = spki(makeKey({ ec: 'prime256v1' })).subarray(-65);
const offCurve = Buffer.from(point);
offCurve[64]! ^= 1;

const otherCases: readonly (readonly [what: string, bytes: Buffer, code: string | null])[] = [
  ['P-256', spki(makeKey({ ec: 'prime256v1' })), null],
  ['P-384', spki(makeKey({ ec: 'secp384r1' })), null],
  ['P-521', spki(makeKey({ ec: 'secp521r1' })), null],
  ['secp256k1', spki(makeKey({ ec: 'secp256k1' })), 'ec-curve-not-allowed'],
  ['an unknown curve', keySpki(ecAlgorithm('1.2.3.4'), point), 'ec-curve-not-allowed'],
  ['a point off the curve', keySpki(ecAlgorithm(p256), offCurve), 'ec-point-invalid'],
  ['the point at infinity', keySpki(ecAlgorithm(p256), Buffer.from([0])), 'ec-point-invalid'],
  [
    'a hybrid point',
    keySpki(ecAlgorithm(p256), Buffer.concat([Buffer.from([6 | (point[64]! & 1)]), point.subarray(1)])),
    'ec-point-invalid',
  ],
  [
    'a compressed point',
    keySpki(ecAlgorithm(p256), Buffer.concat([Buffer.from([2 | (point[64]! & 1)]), point.subarray(1, 33)])),
    null,
  ],
  ['a short point', keySpki(ecAlgorithm(p256), point.subarray(0, 64)), 'ec-point-invalid'],
  [
    'explicit parameters',
    keySpki(der.sequence(der.oid('1.2.840.10045.2.1'), der.sequence(der.integer(1))), point),
    'ec-explicit-parameters',
  ],
  [
    'no curve',
    keySpki(der.sequence(der.oid('1.2.840.10045.2.1'), der.nullValue()), point),
    'ec-curve-not-allowed',
  ],
  ['Ed25519', spki(makeKey('ed25519')), null],
  [
    'Ed25519 of 31 octets',
    keySpki(der.sequence(der.oid('1.3.101.112')), randomBytes(31)),
    'key-length-wrong',
  ],
  [
    'Ed25519 and the identity',
    keySpki(der.sequence(der.oid('1.3.101.112')), Buffer.from(`01${'00'.repeat(31)}`, 'hex')),
    'ed25519-small-order',
  ],
  [
    'Ed25519 and an order of 8',
    keySpki(
      der.sequence(der.oid('1.3.101.112')),
      Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa', 'hex'),
    ),
    'ed25519-small-order',
  ],
  ['Ed448', spki(generateKeyPairSync('ed448').privateKey), null],
  ['ML-DSA-65', keySpki(der.sequence(der.oid('2.16.840.1.101.3.4.3.18')), randomBytes(1952)), null],
  [
    'ML-DSA-65 cut off',
    keySpki(der.sequence(der.oid('2.16.840.1.101.3.4.3.18')), randomBytes(1951)),
    'key-length-wrong',
  ],
  ['SLH-DSA-SHAKE-256f', keySpki(der.sequence(der.oid('2.16.840.1.101.3.4.3.31')), randomBytes(64)), null],
  ['DSA', keySpki(der.sequence(der.oid('1.2.840.10040.4.1')), der.integer(5)), 'key-algorithm-withdrawn'],
  [
    'an unknown algorithm',
    keySpki(der.sequence(der.oid('1.2.3.4')), randomBytes(9)),
    'key-algorithm-unknown',
  ],
  [
    'an RSA key that is none',
    keySpki(der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue()), randomBytes(9)),
    'key-malformed',
  ],
];
for (const [what, bytes, code] of otherCases) {
  it(`${code === null ? 'passes' : `flags as ${code}`} ${what}`, () => {
    assert.deepEqual(codes(bytes), code === null ? [] : [code]);
  });
}

it('knows every Ed25519 point of small order', () => {
  // Twisted Edwards curve of RFC 8032 section 5.1: -x^2 + y^2 = 1 + d x^2 y^2 modulo 2^255 - 19.
  const field = 2n ** 255n - 19n;
  const modulo = (value: bigint): bigint => ((value % field) + field) % field;
  const d = modulo(-121_665n * inverse(121_666n, field));
  const isSmall = (encoded: Buffer): boolean =>
    codes(keySpki(der.sequence(der.oid('1.3.101.112')), encoded)).length > 0;
  // Doubling sends y to (y^2 + x^2) / (1 - d x^2 y^2): y of order 8 doubles to 0, y of order 4 (zero) to -1, that to 1.
  const double = (y: bigint): bigint => {
    const xx = modulo((y * y - 1n) * inverse(modulo(d * y * y + 1n), field));
    return modulo((y * y + xx) * inverse(modulo(1n - d * xx * y * y), field));
  };
  for (const hex of [
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ]) {
    const encoded = Buffer.from(hex, 'hex');
    assert.equal(double(number(Buffer.from(encoded).reverse())), 0n);
    assert.ok(isSmall(encoded));
  }
  assert.equal(double(0n), field - 1n);
  assert.equal(double(field - 1n), 1n);
});

it('checks the key of a certificate and of a bare TBSCertificate', () => {
  const made = issue({ key: { rsa: 1024 } });
  assert.deepEqual(
    checkKey(readCertificate(made.der)).map(({ code }) => code),
    ['rsa-too-small'],
  );
  assert.deepEqual(
    checkKey(readTbs(made.der.subarray(4, 8 + made.der.readUInt16BE(6)))).map(({ code }) => code),
    ['rsa-too-small'],
  );
  assert.deepEqual(checkKey(readCertificate(Buffer.from('nothing'))), []);
});

it('takes at most 20 ms of processor time for any key', () => {
  const odd = (bits: number): bigint => number(randomBytes(bits / 8)) | (1n << BigInt(bits - 1)) | 1n;
  const monsters = [2048, 3072, 4096, 8192, 16_384, 100_000].flatMap((bits) => [
    rsaSpki(odd(bits)),
    rsaSpki(odd(bits), odd(bits) >> 2n),
    rsaSpki(prime(128) * odd(bits - 128), odd(bits) >> 3n),
    rsaSpki((1n << BigInt(bits)) - 1n, (1n << BigInt(bits - 1)) - 1n),
  ]);
  // Tests for primes take longest where the answer is yes.
  monsters.push(rsaSpki(number(getDiffieHellman('modp14').getPrime())));
  const huge = der.element(0x02, Buffer.alloc(1, 1), Buffer.alloc(10_000_000, 0xff));
  monsters.push(
    rsaSpkiOf(huge, der.integer(3)),
    rsaSpkiOf(huge, huge),
    rsaSpkiOf(der.integer(odd(2048)), huge),
  );
  for (const bytes of monsters) {
    const costs = [1, 2, 3].map(() => {
      const start = process.cpuUsage();
      checkPublicKey(bytes);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    assert.ok(Math.min(...costs) < 20, `${bytes.length} bytes: ${Math.min(...costs)} ms`);
  }
});
