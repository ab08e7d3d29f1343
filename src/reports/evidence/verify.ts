import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Readable } from 'node:stream';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import type { ChainEnd } from '../../store/audit/chain.js';
import { auditFile, checkAuditLines, type AuditLines } from './audit-lines.js';
import { manifestSchema, type Manifest } from './manifest.js';

/** What came of checking an export. Without faults it is as it was signed. */
export interface Verification {
  readonly manifest: Manifest | null;
  /** SHA-256 of the public key that the signature fits, hex. */
  readonly keySha256: string | null;
  readonly faults: readonly string[];
  /** Where the chains of its audit trail end. */
  readonly auditEnds: readonly ChainEnd[];
}

const signatureFiles = new Set(['manifest.json', 'manifest.sig', 'public-key.pem']);
const mostSmallBytes = 64 * 1_048_576;

/**
 * Checks an export: the signature over the manifest (with `trusted`: by that key and no other), and every file against it; missing, changed
 * and added files are faults. Files are read as streams. Throws when the file is no zip archive.
 */
export async function verifyEvidence(path: string, trusted: KeyObject | null): Promise<Verification> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    const small = new Map<string, Buffer>();
    const hashes = new Map<string, { readonly sha256: string; readonly bytes: number }>();
    const twice: string[] = [];
    let audit: AuditLines = { faults: [], ends: [] };
    for await (const entry of entriesOf(zip)) {
      const { fileName } = entry;
      // Tools that pack an archive again add its folders.
      if (fileName.endsWith('/') && entry.uncompressedSize === 0) continue;
      if (hashes.has(fileName) || small.has(fileName)) twice.push(`${fileName}: is there twice`);
      const content = await zip.openReadStreamPromise(entry);
      if (signatureFiles.has(fileName)) small.set(fileName, await whole(content, entry));
      else {
        const [hash, lines] = await Promise.all([
          hashOf(content),
          fileName === auditFile ? checkAuditLines(content) : null,
        ]);
        hashes.set(fileName, hash);
        audit = lines ?? audit;
      }
    }
    const signature = checkSignature(small, trusted);
    const manifest = signature.manifest;
    const differences = manifest === null ? [] : compare(manifest, hashes);
    const faults = [...signature.faults, ...twice, ...differences, ...audit.faults];
    return { ...signature, faults, auditEnds: audit.ends };
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for await (const entry of zip.eachEntry()) yield entry;
}

async function whole(content: Readable, { uncompressedSize }: Entry): Promise<Buffer> {
  if (uncompressedSize > mostSmallBytes)
    throw new Error('the manifest is larger than any that Certglass writes');
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function hashOf(content: Readable): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of content as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

function checkSignature(
  files: ReadonlyMap<string, Buffer>,
  trusted: KeyObject | null,
): Omit<Verification, 'auditEnds'> {
  const [manifest, signature, pem] = ['manifest.json', 'manifest.sig', 'public-key.pem'].map((name) =>
    files.get(name),
  );
  if (manifest === undefined || signature === undefined || pem === undefined)
    return {
      manifest: null,
      keySha256: null,
      faults: ['manifest.json, manifest.sig or public-key.pem is missing'],
    };
  const faults: string[] = [];
  const key = publicKeyOf(pem);
  const used = trusted ?? key;
  if (key === null) faults.push('public-key.pem: is no public key');
  else if (trusted !== null && !key.equals(trusted)) faults.push('public-key.pem: is not the key you trust');
  const bytes = Buffer.from(signature.toString('latin1'), 'base64');
  if (used === null || !verify(null, manifest, used, bytes))
    faults.push('manifest.sig: does not fit the manifest');
  const parsed = manifestSchema.safeParse(jsonOf(manifest));
  if (!parsed.success) faults.push('manifest.json: is not a manifest of Certglass');
  return {
    manifest: parsed.success ? parsed.data : null,
    keySha256: used === null ? null : fingerprint(used),
    faults,
  };
}

function publicKeyOf(pem: Buffer): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

/** SHA-256 over the DER of a public key, hex: what people compare. */
export function fingerprint(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function compare(
  { files }: Manifest,
  found: ReadonlyMap<string, { readonly sha256: string; readonly bytes: number }>,
): readonly string[] {
  const named = new Set(files.map(({ name }) => name));
  const added = [...found.keys()]
    .filter((name) => !named.has(name))
    .map((name) => `${name}: is not in the manifest`);
  const wrong = files.flatMap(({ name, sha256, bytes }) => {
    const file = found.get(name);
    if (file === undefined) return [`${name}: is missing`];
    return file.sha256 === sha256 && file.bytes === bytes ? [] : [`${name}: was changed`];
  });
  return [...wrong, ...added];
}
