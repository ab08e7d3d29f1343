import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as tls from 'node:tls';
import { readBounded } from '../lib/read-bounded.js';
import { readBundle, type BundleItem } from '../x509/files/bundle.js';
import {
  createKeyedRootStore,
  createRootStore,
  fullTrust,
  type RootStore,
  type RootTrust,
} from '../x509/path/root-store.js';

/** Public root stores: Mozilla's, as bundled and dated; the running Node.js's own; the machine's. */
export const rootStoreKinds = ['mozilla', 'node', 'system'] as const;

/** One of {@link rootStoreKinds}. */
export type RootStoreKind = (typeof rootStoreKinds)[number];

/** A root programme's roots as a data file holds them; see config/roots. */
export interface RootsFile {
  readonly name: string;
  /** ISO day of the last change of the source. */
  readonly date: string;
  /** What the data were taken from, with its version. */
  readonly source: string;
  /** In order of label, then of hash. */
  readonly roots: readonly RootData[];
}

/** One root of a data file, with the programme's trust bits. */
export interface RootData {
  readonly label: string;
  /** Of the DER, lower-case hex. */
  readonly sha256: string;
  readonly server: TrustData;
  readonly email: TrustData;
  /** The comparable key of its subject, as paths are built by (src/x509/path/name.ts). */
  readonly subjectKey: string;
  /** Base64. */
  readonly der: string;
}

/** How far the programme trusts a root for one purpose. */
export interface TrustData {
  readonly trusted: boolean;
  /** ISO instant; certificates whose notBefore is later are not trusted; null: no such date. */
  readonly distrustAfter: string | null;
}

const opened = new Map<RootStoreKind, Promise<RootStore>>();

/** A public root store, read when first asked for and once per process. Throws one sentence when it cannot be had. */
export function openRootStore(kind: RootStoreKind): Promise<RootStore> {
  const known = opened.get(kind);
  if (known !== undefined) return known;
  const store = openers[kind]();
  opened.set(kind, store);
  // Who asked hears of the failure; the next one gets another try.
  store.catch(() => opened.delete(kind));
  return store;
}

const openers: Readonly<Record<RootStoreKind, () => Promise<RootStore>>> = {
  mozilla: openMozilla,
  node: openNode,
  system: () => openSystem(systemFiles, systemCertificates),
};

/** Where Mozilla's roots are kept, seen from the compiled file. */
export const mozillaFile = new URL('../../../config/roots/mozilla.json', import.meta.url);

/** Mozilla vets roots for servers and for e-mail. Client certificates name people and mailboxes: they go by the latter. */
async function openMozilla(): Promise<RootStore> {
  const { name, date, roots } = JSON.parse(await readFile(mozillaFile, 'utf8')) as RootsFile;
  const entries = roots.map(({ der, subjectKey, server, email }) => ({
    subjectKey,
    der: Buffer.from(der, 'base64'),
    server: toTrust(server),
    client: toTrust(email),
  }));
  return createKeyedRootStore({ name, date, isPublic: true }, entries);
}

function toTrust({ trusted, distrustAfter }: TrustData): RootTrust {
  return { trusted, distrustAfter: distrustAfter === null ? null : new Date(distrustAfter) };
}

/** Node.js does not date its roots: the day is that of its executable. */
async function openNode(): Promise<RootStore> {
  const date = await dayOf(process.execPath);
  const about = { name: `node ${process.versions.node}`, date, isPublic: true };
  return storeOf(about, tls.rootCertificates.flatMap(pemItems));
}

/** Bundles of the usual systems, most common first. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
] as const;

/** What newer Node.js versions (22.15 and later) read from the system's own store; empty where they do not. */
function systemCertificates(): readonly string[] {
  const read: unknown = Reflect.get(tls, 'getCACertificates');
  return typeof read === 'function' ? (read('system') as readonly string[]) : [];
}

/**
 * The system's roots: the first of `files` that holds any, else `certificates` (PEM), dated today. The machine's keeper
 * vetted them, so they count as public. Throws one sentence when there are none.
 */
export async function openSystem(
  files: readonly string[],
  certificates: () => readonly string[],
): Promise<RootStore> {
  for (const file of files) {
    const bytes = await readBounded(file, maxBytes).catch(() => null);
    const items = bytes === null ? [] : readBundle(bytes).items;
    if (items.length > 0) return storeOf({ name: 'system', date: await dayOf(file), isPublic: true }, items);
  }
  const items = certificates().flatMap(pemItems);
  if (items.length > 0) return storeOf({ name: 'system', date: isoDay(new Date()), isPublic: true }, items);
  throw new Error(
    `No root certificates of the system were found (looked for ${files.join(', ')}): install ca-certificates, or use the roots of mozilla or node.`,
  );
}

/**
 * The operator's own roots: a PEM or DER file. What in it cannot be read stands in the store's `unreadable`. Throws one sentence
 * when the file cannot be read or holds no certificate.
 */
export async function readRootFile(path: string): Promise<RootStore> {
  const { items, otherLabels } = readBundle(await readBounded(path, maxBytes));
  if (items.length === 0) {
    const found = otherLabels.length > 0 ? `, only ${otherLabels.join(', ')}` : '';
    throw new Error(`${path}: no certificate in it${found}; give a PEM or DER file of root certificates.`);
  }
  return storeOf({ name: `file ${basename(path)}`, date: await dayOf(path), isPublic: false }, items);
}

/** Bytes of a bundle; Mozilla's has 230 kB. */
const maxBytes = 100_000_000;

type About = Pick<RootStore, 'name' | 'date' | 'isPublic'>;

/** A store of fully trusted roots; those whose wrapping is broken are not trusted. */
function storeOf(about: About, items: readonly BundleItem[]): RootStore {
  const whole = items.filter(({ problem }) => problem === null);
  const broken = items.flatMap(({ der, problem }) =>
    problem === null ? [] : [{ sha256: createHash('sha256').update(der).digest('hex'), reason: problem }],
  );
  const store = createRootStore(
    about,
    whole.map(({ der }) => ({ der, server: fullTrust, client: fullTrust })),
  );
  return { ...store, unreadable: [...store.unreadable, ...broken] };
}

function pemItems(pem: string): readonly BundleItem[] {
  return readBundle(Buffer.from(pem)).items;
}

async function dayOf(path: string): Promise<string> {
  return isoDay((await stat(path)).mtime);
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
