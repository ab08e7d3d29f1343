import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { mozillaFile, type RootData, type RootsFile, type TrustData } from '../trust/roots.js';
import { readPathCertificate } from '../x509/path/certificate.js';
import { byLabel, readCertdata } from './certdata.js';

/**
 * Renews config/roots/mozilla.json, and says what changed. Run as `node dist/src/cli/roots-update.js CERTDATA VERSION DATE`: the
 * path of NSS's certdata.txt, the version of the builtins (nssckbi.h) and the day of its last change. Without them the
 * roots of the running Node.js decide which are trusted for servers, and everything else stays.
 */
async function update([certdata, version, date]: readonly string[]): Promise<void> {
  const before = JSON.parse(await readFile(mozillaFile, 'utf8').catch(() => '{"roots":[]}')) as RootsFile;
  const after =
    certdata === undefined
      ? fromNode(rootCertificates, before)
      : fromCertdata(await readFile(certdata, 'utf8'), version ?? '', date ?? '');
  await writeFile(mozillaFile, rootsText(after));
  process.stdout.write(`${changes(before.roots, after.roots).join('\n')}\n`);
}

/** The data file for a certdata.txt. Throws one sentence when the text, the version or the day is not understood. */
export function fromCertdata(text: string, version: string, date: string): RootsFile {
  if (!/^\d+\.\d+$/.test(version)) throw new Error('Give the version of the NSS builtins, such as 2.86.');
  if (!/^\d{4}-\d\d-\d\d$/.test(date))
    throw new Error('Give the day of the last change, such as 2026-04-09.');
  const source = `NSS builtins ${version}, certdata.txt`;
  return { name: 'mozilla', date, source, roots: readCertdata(text) };
}

/**
 * The data file `before` with trust for servers as Node.js (PEM) has it. Dates of distrust and trust for e-mail, which Node.js does
 * not know, stay; so does the day, which is theirs.
 */
export function fromNode(pems: readonly string[], before: RootsFile): RootsFile {
  const known = new Map(before.roots.map((root) => [root.sha256, root]));
  const served = pems.map((pem) => {
    const root = toRoot(new X509Certificate(pem));
    return known.get(root.sha256) ?? root;
  });
  const hashes = new Set(served.map(({ sha256 }) => sha256));
  const others = before.roots.filter(({ sha256, email }) => email.trusted && !hashes.has(sha256));
  const roots = [
    ...served.map((root) => ({ ...root, server: { ...root.server, trusted: true } })),
    ...others.map((root) => ({ ...root, server: { ...root.server, trusted: false } })),
  ].sort(byLabel);
  const source = `${before.source.replace(/; servers: .*$/, '')}; servers: Node.js ${process.versions.node}`;
  return { ...before, source, roots };
}

const untrusted: TrustData = { trusted: false, distrustAfter: null };

function toRoot({ raw, fingerprint256, subject }: X509Certificate): RootData {
  const [, label = subject.replaceAll('\n', ', ')] = /^CN=(.*)$/m.exec(subject) ?? [];
  const sha256 = fingerprint256.replaceAll(':', '').toLowerCase();
  const subjectKey = readPathCertificate(raw).subject.key;
  return { label, sha256, server: untrusted, email: untrusted, subjectKey, der: raw.toString('base64') };
}

/** The data file's text: the same for the same data. */
export function rootsText(file: RootsFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** One line for each root that came, went or is trusted otherwise; the last line counts them. */
export function changes(before: readonly RootData[], after: readonly RootData[]): readonly string[] {
  const old = new Map(before.map((root) => [root.sha256, root]));
  const kept = new Set(after.map(({ sha256 }) => sha256));
  const lines = [
    ...before.filter(({ sha256 }) => !kept.has(sha256)).map(({ label }) => `- ${label}`),
    ...after.flatMap((root) => {
      const was = old.get(root.sha256);
      if (was === undefined) return [`+ ${root.label}: ${trustText(root)}`];
      const [from, to] = [trustText(was), trustText(root)];
      return from === to ? [] : [`~ ${root.label}: ${from} -> ${to}`];
    }),
  ];
  return [...lines, `${after.length} roots, ${lines.length} changes`];
}

function trustText({ server, email }: RootData): string {
  return [part('server', server), part('email', email)].filter((text) => text !== '').join(', ') || 'none';
}

function part(name: string, { trusted, distrustAfter }: TrustData): string {
  if (!trusted) return '';
  return distrustAfter === null ? name : `${name} until ${distrustAfter.slice(0, 10)}`;
}

if (process.argv[1] === import.meta.filename) await update(process.argv.slice(2));
