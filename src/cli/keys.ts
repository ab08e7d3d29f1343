import { createHash, createPublicKey } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { createKnownKeysBuilder, knownKeyHash, spkiKeyHash } from '../x509/keys/known-keys.js';
import { readCertificate } from '../x509/read/read-certificate.js';

/**
 * `certglass keys build OUT FILE...`: gathers hashes, moduli and PEM keys from text files into a sorted file of known private
 * keys. Empty lines and lines that begin with `#` are passed over; any other line that holds no key is an error that names it.
 */
export async function buildKeys(out: string, files: readonly string[]): Promise<number> {
  const builder = createKnownKeysBuilder();
  for (const file of files) for await (const hash of hashesIn(file)) builder.add(hash);
  const parts = builder.parts();
  const target = await open(`${out}.new`, 'w');
  try {
    for (const part of parts) await target.writeFile(part);
    await target.sync();
  } finally {
    await target.close();
  }
  await rename(`${out}.new`, out);
  const octets = parts.reduce((sum, part) => sum + part.length, 0);
  process.stdout.write(`${octets / 16 - 1} keys in ${out}\n`);
  return 0;
}

async function* hashesIn(file: string): AsyncGenerator<string> {
  const source = await open(file);
  let number = 0;
  let pem: string[] | null = null;
  try {
    for await (const line of source.readLines()) {
      number += 1;
      if (line.startsWith('-----BEGIN ')) pem = [];
      pem?.push(line);
      if (pem === null && (line.trim() === '' || line.startsWith('#'))) continue;
      if (pem !== null && !line.startsWith('-----END ')) continue;
      yield hashOf(pem === null ? line.trim() : pem.join('\n'), `${file}:${number}`);
      pem = null;
    }
    if (pem !== null) throw new Error(`${file}: a PEM block has no END line.`);
  } finally {
    await source.close();
  }
}

function hashOf(text: string, place: string): string {
  const modulus = /^Modulus=([0-9A-F]+)$/i.exec(text)?.[1];
  if (modulus !== undefined) {
    const hex = modulus.replace(/^0+/, '');
    return createHash('sha256')
      .update(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))
      .digest('hex');
  }
  if (/^[0-9a-f]{32,64}$/i.test(text)) return text;
  const hash = text.startsWith('-----BEGIN ') ? hashOfPem(text) : null;
  if (hash === null)
    throw new Error(`${place}: no SHA-256 in hex, no Modulus=HEX, and no PEM of a key or certificate.`);
  return hash;
}

function hashOfPem(pem: string): string | null {
  const isCertificate = pem.startsWith('-----BEGIN CERTIFICATE-----');
  if (isCertificate)
    return knownKeyHash(readCertificate(Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64')));
  try {
    return spkiKeyHash(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
  } catch {
    return null;
  }
}
