import { fileError } from '../lib/read-bounded.js';
import { createHash, createPublicKey } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../lib/replace-file.js';
import { createKnownKeysBuilder, knownKeyHash, spkiKeyHash } from '../x509/keys/known-keys.js';
import { opensshPublicBlob, sshSpki } from '../x509/keys/ssh-key.js';
import { children, DerError, readWhole, tags } from '../x509/read/der.js';
import { readCertificate } from '../x509/read/read-certificate.js';

/**
 * `certglass keys build OUT FILE...`: gathers hashes, moduli, PEM and OpenSSH keys from text files and folders into a sorted file of
 * known private keys. Empty lines and lines that begin with `#` are skipped. Any other line of a named file that holds no key is an
 * error that names it; in folders such lines are counted.
 */
export async function buildKeys(out: string, files: readonly string[]): Promise<number> {
  const builder = createKnownKeysBuilder();
  const skipped = { count: 0 };
  for (const file of files) for await (const hash of hashesIn(file, skipped)) builder.add(hash);
  const parts = builder.parts();
  await replaceFile(
    out,
    async (file) => {
      for (const part of parts) await file.writeFile(part);
    },
    0o644,
  );
  const octets = parts.reduce((sum, part) => sum + part.length, 0);
  process.stdout.write(`${octets / 16 - 1} keys in ${out}\n`);
  if (skipped.count > 0) process.stderr.write(`certglass: ${skipped.count} lines in folders hold no key\n`);
  return 0;
}

async function* hashesIn(source: string, skipped: { count: number }): AsyncGenerator<string> {
  const found = await stat(source).catch((error: unknown) => {
    throw fileError(source, error);
  });
  if (!found.isDirectory()) return yield* hashesInFile(source, null);
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) yield* hashesInFile(file, skipped);
}

/** `skipped` null: every line has to hold a key. */
async function* hashesInFile(file: string, skipped: { count: number } | null): AsyncGenerator<string> {
  const source = await open(file);
  let number = 0;
  let pem: string[] | null = null;
  try {
    for await (const line of source.readLines()) {
      number += 1;
      if (/^----[- ]BEGIN /.test(line)) pem = [];
      pem?.push(line);
      if (pem === null && (line.trim() === '' || line.startsWith('#'))) continue;
      if (pem !== null && !/^----[- ]END /.test(line)) continue;
      const hash = hashOf(pem === null ? line.trim() : pem.join('\n'));
      pem = null;
      if (hash !== null) yield hash;
      else if (skipped !== null) skipped.count += 1;
      else
        throw new Error(
          `${file}:${number}: no SHA-256 in hex, no Modulus=HEX, no OpenSSH key and no PEM of a key or certificate.`,
        );
    }
    if (pem !== null && skipped === null) throw new Error(`${file}: a PEM block has no END line.`);
  } finally {
    await source.close();
  }
}

function hashOf(text: string): string | null {
  const modulus = /^Modulus=([0-9A-F]+)$/i.exec(text)?.[1];
  if (modulus !== undefined) {
    const hex = modulus.replace(/^0+/, '');
    return createHash('sha256')
      .update(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))
      .digest('hex');
  }
  if (/^[0-9a-f]{32,64}$/i.test(text)) return text;
  if (/^----[- ]BEGIN /.test(text)) return hashOfBlock(text);
  return hashOfSshLine(text);
}

/** `[options] ssh-rsa AAAA... comment`, as in authorized_keys and .pub files. */
function hashOfSshLine(line: string): string | null {
  const base64 = /(?:^|\s)(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+)\s+([A-Za-z0-9+/=]+)/.exec(
    line,
  )?.[1];
  return base64 === undefined ? null : hashOfSsh(Buffer.from(base64, 'base64'));
}

function hashOfSsh(blob: Uint8Array | null): string | null {
  const spki = blob === null ? null : sshSpki(blob);
  return spki === null ? null : spkiKeyHash(spki);
}

function hashOfBlock(block: string): string | null {
  const label = /^----[- ]BEGIN ([A-Z0-9 ]+?) ?----/.exec(block)?.[1];
  const body = block
    .split('\n')
    .slice(1, -1)
    .filter((line) => !line.includes(':'));
  const der = Buffer.from(body.join(''), 'base64');
  switch (label) {
    case 'CERTIFICATE':
      return knownKeyHash(readCertificate(der));
    case 'OPENSSH PRIVATE KEY':
      return hashOfSsh(opensshPublicBlob(der));
    case 'SSH2 PUBLIC KEY':
      return hashOfSsh(der);
    case 'PUBLIC KEY':
      // Node.js cannot import every kind; the bytes are enough.
      return isSpki(der) ? spkiKeyHash(der) : null;
    default:
      return hashOfPem(block);
  }
}

/** SEQUENCE { SEQUENCE, BIT STRING }, nothing behind it. */
function isSpki(der: Buffer): boolean {
  try {
    const [algorithm, key, more] = children(der, readWhole(der, tags.sequence));
    return algorithm?.tag === tags.sequence && key?.tag === tags.bitString && more === undefined;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

function hashOfPem(pem: string): string | null {
  try {
    return spkiKeyHash(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
  } catch {
    return null;
  }
}
