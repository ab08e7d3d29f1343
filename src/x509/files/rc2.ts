/** RC2 (RFC 2268), for PKCS #12 files of older software; OpenSSL 3 has it in a provider that Node.js does not load. Decrypts only. */

/** Section 2: bytes of pi. */
const pi = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

/** Decrypts CBC with PKCS #7 padding. Throws Error when the padding does not fit, which is a wrong key almost always. */
export function decryptRc2(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  if (data.length === 0 || data.length % 8 !== 0) throw new Error('not whole blocks');
  const words = expandKey(key, key.length * 8);
  const plain = Buffer.alloc(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += 8) {
    const block = data.subarray(at, at + 8);
    const opened = decryptBlock(words, block);
    for (let n = 0; n < 8; n += 1) plain[at + n] = (opened[n] ?? 0) ^ (previous[n] ?? 0);
    previous = block;
  }
  const padding = plain[plain.length - 1] ?? 0;
  const isPadded =
    padding >= 1 && padding <= 8 && plain.subarray(-padding).every((octet) => octet === padding);
  if (!isPadded) throw new Error('wrong padding');
  return plain.subarray(0, -padding);
}

/** Section 2. */
function expandKey(key: Buffer, effectiveBits: number): Uint16Array {
  const bytes = Buffer.alloc(128);
  key.copy(bytes);
  const at = (index: number): number => bytes[index] ?? 0;
  for (let n = key.length; n < 128; n += 1) bytes[n] = pi[(at(n - 1) + at(n - key.length)) & 0xff] ?? 0;
  const length = Math.ceil(effectiveBits / 8);
  const mask = 0xff >> (8 * length - effectiveBits);
  bytes[128 - length] = pi[at(128 - length) & mask] ?? 0;
  for (let n = 127 - length; n >= 0; n -= 1) bytes[n] = pi[at(n + 1) ^ at(n + length)] ?? 0;
  return Uint16Array.from({ length: 64 }, (_, n) => bytes.readUInt16LE(2 * n));
}

/** Section 4: r-mixing and r-mashing rounds backwards. */
function decryptBlock(words: Uint16Array, block: Buffer): Buffer {
  const r = [0, 2, 4, 6].map((offset) => block.readUInt16LE(offset));
  const of = (index: number): number => r[index & 3] ?? 0;
  let next = 63;
  const unmix = (): void => {
    for (const [index, shift] of [
      [3, 5],
      [2, 3],
      [1, 2],
      [0, 1],
    ] as const) {
      const turned = ((of(index) >> shift) | (of(index) << (16 - shift))) & 0xffff;
      const mixed = (of(index + 3) & of(index + 2)) + (~of(index + 3) & of(index + 1));
      r[index] = (turned - (words[next] ?? 0) - mixed) & 0xffff;
      next -= 1;
    }
  };
  const unmash = (): void => {
    for (const index of [3, 2, 1, 0]) r[index] = (of(index) - (words[of(index + 3) & 63] ?? 0)) & 0xffff;
  };
  for (const rounds of [5, 6, 5]) {
    for (let n = 0; n < rounds; n += 1) unmix();
    if (next >= 0) unmash();
  }
  const out = Buffer.alloc(8);
  r.forEach((word, index) => out.writeUInt16LE(word, 2 * index));
  return out;
}
