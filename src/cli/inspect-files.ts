import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../lib/read-bounded.js';
import { readBundle, type BundleItem } from '../x509/bundle.js';

/** Bytes of one file; the certificates of a whole country fit. */
const maxBytes = 64_000_000;

/** One file that was looked into. */
export interface InspectedFile {
  /** As named on the command line, or below the folder named there. */
  readonly file: string;
  readonly items: readonly BundleItem[];
  /** Why nothing could be taken for a certificate, one clause; null when something was. */
  readonly fault: string | null;
}

/** A file to look into. Of those in a folder only the ones that hold certificates count: keys and notes lie beside them. */
interface Found {
  readonly file: string;
  readonly isNamed: boolean;
}

/**
 * Looks into files and, recursively, folders, in order of their names. `passOver` hears of each file in a folder that holds no
 * certificate. Throws one sentence, before anything is read, when a path that was named does not exist.
 */
export async function* inspectFiles(
  paths: readonly string[],
  passOver: (file: string) => void,
): AsyncGenerator<InspectedFile, void, undefined> {
  const found: Found[] = [];
  for (const path of paths) found.push(...(await filesAt(path)));
  for (const { file, isNamed } of found) {
    const inspected = await lookInto(file);
    if (isNamed || inspected.items.length > 0) yield inspected;
    else passOver(file);
  }
}

async function filesAt(path: string): Promise<readonly Found[]> {
  const about = await stat(path).catch((cause: unknown) => {
    throw new Error(`${path}: there is no such file or folder, or it may not be looked at.`, { cause });
  });
  if (!about.isDirectory()) return [{ file: path, isNamed: true }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => ({ file: join(entry.parentPath, entry.name), isNamed: false }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function lookInto(file: string): Promise<InspectedFile> {
  try {
    const bytes = await readBounded(file, maxBytes);
    const { items, otherLabels } = readBundle(bytes);
    if (items.length > 0) return { file, items, fault: null };
    // Binary data are kept and searched for names; text is no certificate at all.
    if (otherLabels.length === 0 && bytes.includes(0))
      return { file, items: [{ der: bytes, problem: 'it is neither PEM nor DER' }], fault: null };
    const held = otherLabels.length > 0 ? `only ${otherLabels.join(', ')}` : 'nothing that begins like one';
    return { file, items: [], fault: `no certificate is in it, ${held}` };
  } catch (error) {
    return { file, items: [], fault: error instanceof Error ? error.message : String(error) };
  }
}

/** DER of the CRLs in a file: PEM blocks `X509 CRL`, or one in DER. Throws one sentence when it cannot be read. */
export async function crlsIn(path: string): Promise<readonly Uint8Array[]> {
  const bytes = await readBounded(path, maxBytes);
  const isPem = bytes.includes('-----BEGIN ');
  return isPem ? pemCrls(bytes) : [bytes];
}

/** What may help a path: DER of the certificates in a file, and of the CRLs in its PEM. Throws one sentence when it cannot be read. */
export async function collateralIn(
  path: string,
): Promise<{ readonly certificates: readonly Uint8Array[]; readonly crls: readonly Uint8Array[] }> {
  const bytes = await readBounded(path, maxBytes);
  return { certificates: readBundle(bytes).items.map(({ der }) => der), crls: pemCrls(bytes) };
}

function pemCrls(bytes: Buffer): readonly Uint8Array[] {
  const blocks = bytes.toString('latin1').matchAll(/-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/g);
  return [...blocks].map(([, body = '']) => Buffer.from(body, 'base64'));
}
