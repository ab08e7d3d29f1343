import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as der from './der-writer.js';
import { commonName, extension, issueCa, issueFor, makeKey, signed, spki, type Issued } from './pki.js';
import { signatureAlgorithm, subjectAltName, daysFromNow } from './pki.js';

/** What a loopback log is given to log. */
export type LogEntryInput =
  | { readonly kind: 'x509'; readonly certificate: Uint8Array; readonly chain: readonly Uint8Array[] }
  | {
      readonly kind: 'precertificate';
      readonly issuerKeyHash: Uint8Array;
      readonly tbs: Uint8Array;
      readonly precertificate: Uint8Array;
      readonly chain: readonly Uint8Array[];
      /** Fingerprints where the issuers themselves are not at hand (real tiles). */
      readonly chainHashes?: readonly Uint8Array[];
    }
  /** Served as it stands by an RFC 6962 log, whatever it is. */
  | { readonly kind: 'raw'; readonly leafInput: Uint8Array; readonly extraData: Uint8Array };

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** A certificate entry of an issued certificate. */
export function certificateEntry(issued: Issued, ...chain: readonly Issued[]): LogEntryInput {
  return { kind: 'x509', certificate: issued.der, chain: chain.map((issuer) => issuer.der) };
}

/** Makes a precertificate for `names`, signed by `issuer`, and its entry. */
export function precertificateEntry(
  names: readonly string[],
  issuer: Issued,
  extensions: readonly Uint8Array[] = [],
): LogEntryInput {
  const key = makeKey();
  const poison = extension('1.3.6.1.4.1.11129.2.4.3', true, der.nullValue());
  const common = [extension('2.5.29.17', false, subjectAltName(names)), ...extensions];
  const tbsOf = (list: readonly Uint8Array[]): Buffer =>
    der.sequence(
      der.context(0, true, der.integer(2)),
      der.integer(BigInt(`0x01${sha256(spki(key)).toString('hex').slice(0, 30)}`)),
      signatureAlgorithm(issuer.key, 'sha256'),
      issuer.subjectName,
      der.sequence(der.time(daysFromNow(-1)), der.time(daysFromNow(80))),
      commonName(names[0] ?? 'no name'),
      spki(key),
      der.context(3, true, der.sequence(...list)),
    );
  return {
    kind: 'precertificate',
    issuerKeyHash: sha256(spki(issuer.key)),
    tbs: tbsOf(common),
    precertificate: signed(tbsOf([...common, poison]), issuer.key),
    chain: [issuer.der],
  };
}

let sharedIssuer: Issued | undefined;

/** `count` entries, certificates and precertificates in turn; `nameOf` gives the host name of each. Keys are shared: quick. */
export function generatedEntries(
  count: number,
  nameOf: (index: number) => string = (index) => `host${index}.generated.test`,
): LogEntryInput[] {
  const issuer = (sharedIssuer ??= issueCa('Generated Log CA'));
  const key = makeKey();
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? certificateEntry(issueFor(nameOf(index), { issuer, key, serialNumber: BigInt(index + 1) }), issuer)
      : precertificateEntry([nameOf(index)], issuer),
  );
}

/** The CT test data beside the repository; null where it is absent. */
export const sharedCt: string | null = (() => {
  const folder = resolve(import.meta.dirname, '../../../../shared/ct');
  return existsSync(folder) ? folder : null;
})();

/** The 1,024 staging and 256 public precertificates of the shared tiles; empty where they are absent. */
export function sharedTileEntries(): LogEntryInput[] {
  if (sharedCt === null) return [];
  const folder = join(sharedCt, 'static-ct');
  const tiles = ['000', '001', '002', '003'].map((name) => join(folder, 'navigli2025h2/tile/data', name));
  return [...tiles, join(folder, 'tesseract_example_tile_004')].flatMap((file) =>
    existsSync(file) ? entriesOfTile(readFileSync(file)) : [],
  );
}

/** Takes a data tile apart (C2SP static-ct-api), independently of src/ct. */
function entriesOfTile(tile: Buffer): LogEntryInput[] {
  const entries: LogEntryInput[] = [];
  let at = 0;
  const vector = (lengthBytes: number): Buffer => {
    const start = at + lengthBytes;
    at = start + tile.readUIntBE(at, lengthBytes);
    return tile.subarray(start, at);
  };
  while (at < tile.length) {
    const type = tile.readUInt16BE(at + 8);
    at += 10;
    const issuerKeyHash = type === 1 ? tile.subarray(at, (at += 32)) : Buffer.alloc(0);
    const body = vector(3);
    vector(2);
    const precertificate = type === 1 ? vector(3) : Buffer.alloc(0);
    const hashes = vector(2);
    const chainHashes = Array.from({ length: hashes.length / 32 }, (_, i) =>
      hashes.subarray(i * 32, i * 32 + 32),
    );
    entries.push(
      type === 1
        ? { kind: 'precertificate', issuerKeyHash, tbs: body, precertificate, chain: [], chainHashes }
        : { kind: 'x509', certificate: body, chain: [] },
    );
  }
  return entries;
}
