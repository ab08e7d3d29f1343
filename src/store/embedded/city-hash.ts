/**
 * CityHash128 of version 1.0.2, which ClickHouse puts before each compressed block (later versions of CityHash give other values). All
 * arithmetic is modulo 2^64; words are read little endian.
 */
export function cityHash128(bytes: Buffer): readonly [low: bigint, high: bigint] {
  const length = bytes.length;
  if (length >= 16) return hashWithSeed(bytes, 16, length - 16, word(bytes, 0) ^ k3, word(bytes, 8));
  if (length >= 8)
    return hashWithSeed(
      bytes,
      length,
      0,
      word(bytes, 0) ^ mul(BigInt(length), k0),
      word(bytes, length - 8) ^ k1,
    );
  return hashWithSeed(bytes, 0, length, k0, k1);
}

const k0 = 0xc3a5c85c97cb3127n;
const k1 = 0xb492b66fbe98f273n;
const k2 = 0x9ae16a3b2f90404fn;
const k3 = 0xc949d7c7509e6557n;

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function mul(left: bigint, right: bigint): bigint {
  return wrap(left * right);
}

function word(bytes: Buffer, at: number): bigint {
  return bytes.readBigUInt64LE(at);
}

function half(bytes: Buffer, at: number): bigint {
  return BigInt(bytes.readUInt32LE(at));
}

function rotate(value: bigint, by: bigint): bigint {
  return by === 0n ? value : (value >> by) | wrap(value << (64n - by));
}

function mix(value: bigint): bigint {
  return value ^ (value >> 47n);
}

function hash16(low: bigint, high: bigint): bigint {
  const factor = 0x9ddfea08eb382d69n;
  const first = mix(mul(low ^ high, factor));
  return mul(mix(mul(high ^ first, factor)), factor);
}

function hashUpTo16(bytes: Buffer, at: number, length: number): bigint {
  if (length > 8) {
    const [first, last] = [word(bytes, at), word(bytes, at + length - 8)];
    return hash16(first, rotate(wrap(last + BigInt(length)), BigInt(length))) ^ last;
  }
  if (length >= 4) return hash16(BigInt(length) + (half(bytes, at) << 3n), half(bytes, at + length - 4));
  if (length === 0) return k2;
  const [a, b, c] = [bytes[at] ?? 0, bytes[at + (length >> 1)] ?? 0, bytes[at + length - 1] ?? 0];
  return mul(mix(mul(BigInt(a + (b << 8)), k2) ^ mul(BigInt(length + (c << 2)), k3)), k2);
}

type Pair = [bigint, bigint];

function weakHash32(bytes: Buffer, at: number, seedA: bigint, seedB: bigint): Pair {
  const [w, x, y, z] = [word(bytes, at), word(bytes, at + 8), word(bytes, at + 16), word(bytes, at + 24)];
  const first = wrap(seedA + w);
  const turned = rotate(wrap(seedB + first + z), 21n);
  const sum = wrap(first + x + y);
  return [wrap(sum + z), wrap(turned + rotate(sum, 44n) + first)];
}

/** Of fewer than 128 bytes. */
function murmur(bytes: Buffer, at: number, length: number, low: bigint, high: bigint): Pair {
  let [a, b] = [low, high];
  let [c, d] = [0n, 0n];
  if (length <= 16) {
    a = mul(mix(mul(a, k1)), k1);
    c = wrap(mul(b, k1) + hashUpTo16(bytes, at, length));
    d = mix(wrap(a + (length >= 8 ? word(bytes, at) : c)));
  } else {
    c = hash16(wrap(word(bytes, at + length - 8) + k1), a);
    d = hash16(wrap(b + BigInt(length)), wrap(c + word(bytes, at + length - 16)));
    a = wrap(a + d);
    for (let left = length - 16, from = at; left > 0; left -= 16, from += 16) {
      a = mul(a ^ mul(mix(mul(word(bytes, from), k1)), k1), k1);
      b ^= a;
      c = mul(c ^ mul(mix(mul(word(bytes, from + 8), k1)), k1), k1);
      d ^= c;
    }
  }
  a = hash16(a, c);
  b = hash16(d, b);
  return [a ^ b, hash16(b, a)];
}

interface State {
  x: bigint;
  y: bigint;
  z: bigint;
  v: Pair;
  w: Pair;
}

function round(bytes: Buffer, at: number, state: State): void {
  const { v, w } = state;
  let x = mul(rotate(wrap(state.x + state.y + v[0] + word(bytes, at + 16)), 37n), k1);
  let y = mul(rotate(wrap(state.y + v[1] + word(bytes, at + 48)), 42n), k1);
  x ^= w[1];
  y ^= v[0];
  const z = rotate(state.z ^ w[0], 33n);
  state.v = weakHash32(bytes, at, mul(v[1], k1), wrap(x + w[0]));
  state.w = weakHash32(bytes, at + 32, wrap(z + w[1]), y);
  [state.x, state.y, state.z] = [z, y, x];
}

function hashWithSeed(bytes: Buffer, at: number, length: number, low: bigint, high: bigint): Pair {
  if (length < 128) return murmur(bytes, at, length, low, high);
  const size = BigInt(length);
  const z = mul(size, k1);
  const firstV = wrap(mul(rotate(high ^ k1, 49n), k1) + word(bytes, at));
  const v: Pair = [firstV, wrap(mul(rotate(firstV, 42n), k1) + word(bytes, at + 8))];
  const w: Pair = [
    wrap(mul(rotate(wrap(high + z), 35n), k1) + low),
    mul(rotate(wrap(low + word(bytes, at + 88)), 53n), k1),
  ];
  const state: State = { x: low, y: high, z, v, w };
  let [from, left] = [at, length];
  for (; left >= 128; left -= 128, from += 128) {
    round(bytes, from, state);
    round(bytes, from + 64, state);
  }
  return finish(bytes, from, left, state);
}

/** The last 127 bytes at most, 32 at a time from the end; the first of these pieces may reach back before them. */
function finish(bytes: Buffer, from: number, left: number, state: State): Pair {
  state.y = wrap(state.y + mul(rotate(state.w[0], 37n), k0) + state.z);
  state.x = wrap(state.x + mul(rotate(wrap(state.v[0] + state.z), 49n), k0));
  for (let done = 0; done < left;) {
    done += 32;
    const at = from + left - done;
    state.y = wrap(mul(rotate(wrap(state.y - state.x), 42n), k0) + state.v[1]);
    state.w = [wrap(state.w[0] + word(bytes, at + 16)), state.w[1]];
    state.x = wrap(mul(rotate(state.x, 49n), k0) + state.w[0]);
    state.w = [wrap(state.w[0] + state.v[0]), state.w[1]];
    state.v = weakHash32(bytes, at, state.v[0], state.v[1]);
  }
  const x = hash16(state.x, state.v[0]);
  const y = hash16(state.y, state.w[0]);
  return [
    wrap(hash16(wrap(x + state.v[1]), state.w[1]) + y),
    hash16(wrap(x + state.w[1]), wrap(y + state.v[1])),
  ];
}
