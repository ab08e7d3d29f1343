import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { after, it } from 'node:test';
import {
  mozillaFile,
  openRootStore,
  openSystem,
  readRootFile,
  type RootsFile,
} from '../../src/trust/roots.js';
import { readPathCertificate } from '../../src/x509/path/certificate.js';
import type { RootStore, TrustAnchor } from '../../src/x509/path/root-store.js';
import { issueCa, toPem } from '../support/pki.js';

const folder = mkdtempSync(join(tmpdir(), 'certglass-roots-'));
after(() => rmSync(folder, { recursive: true }));

const day = new Date('2026-08-01T10:00:00Z');

/** Writes a file of that day; answers its path. */
function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  utimesSync(path, day, day);
  return path;
}

const one = issueCa('One Root');
const two = issueCa('Two Root');

function anchors(store: RootStore): readonly TrustAnchor[] {
  return [...store.anchorsBySubject.values()].flat();
}

function hashes(store: RootStore): readonly string[] {
  return anchors(store)
    .map(({ certificate }) => certificate.sha256)
    .sort();
}

const mozilla = JSON.parse(await readFile(mozillaFile, 'utf8')) as RootsFile;

it("keeps Mozilla's roots in order, each once, with the hash of its bytes", () => {
  assert.match(mozilla.date, /^\d{4}-\d\d-\d\d$/);
  assert.match(mozilla.source, /^NSS builtins \d+\.\d+/);
  assert.ok(mozilla.roots.length > 100);
  for (const { label, sha256, der, server, email, subjectKey } of mozilla.roots) {
    assert.equal(readPathCertificate(Buffer.from(der, 'base64')).subject.key, subjectKey, label);
    const bytes = Buffer.from(der, 'base64');
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256, label);
    assert.equal(bytes.toString('base64'), der, label);
    assert.ok(server.trusted || email.trusted, label);
    for (const { distrustAfter } of [server, email])
      assert.ok(distrustAfter === null || new Date(distrustAfter).toISOString() === distrustAfter, label);
  }
  const order = mozilla.roots.map(({ label, sha256 }) => `${label}\0${sha256}`);
  assert.deepEqual(order, [...new Set(order)].sort());
});

it("has Mozilla's trust bits and dates of distrust in the store", async () => {
  const store = await openRootStore('mozilla');
  assert.deepEqual([store.name, store.date, store.isPublic], ['mozilla', mozilla.date, true]);
  assert.deepEqual([store.size, store.unreadable], [mozilla.roots.length, []]);
  const known = new Map(anchors(store).map((anchor) => [anchor.certificate.sha256, anchor]));
  for (const { label, sha256, server, email } of mozilla.roots) {
    const anchor = known.get(sha256);
    assert.ok(anchor, label);
    assert.equal(anchor.server.trusted, server.trusted, label);
    assert.equal(anchor.server.distrustAfter?.toISOString() ?? null, server.distrustAfter, label);
    assert.equal(anchor.client.trusted, email.trusted, label);
  }
  assert.ok(mozilla.roots.some(({ server }) => server.trusted && server.distrustAfter !== null));
  assert.ok(mozilla.roots.some(({ server }) => !server.trusted));
});

it("agrees with Node.js on most of Mozilla's roots for servers", () => {
  const theirs = new Set(rootCertificates.map((pem) => new X509Certificate(pem).fingerprint256));
  const ours = mozilla.roots.filter(({ server }) => server.trusted);
  const shared = ours.filter(({ sha256 }) => theirs.has((sha256.toUpperCase().match(/../g) ?? []).join(':')));
  assert.ok(shared.length > 0.8 * ours.length, `${shared.length} of ${ours.length}`);
});

it('reads a store once per process', async () => {
  const stores = await Promise.all([1, 2, 3].map(() => openRootStore('mozilla')));
  assert.equal(new Set(stores).size, 1);
});

it('opens the roots of the running Node.js, dated by its executable', async () => {
  const store = await openRootStore('node');
  assert.equal(store.name, `node ${process.versions.node}`);
  assert.match(store.date, /^20\d\d-\d\d-\d\d$/);
  assert.deepEqual([store.size, store.unreadable], [new Set(rootCertificates).size, []]);
  assert.ok(anchors(store).every(({ server, client }) => server.trusted && client.trusted));
});

it('takes the first file of the system that holds certificates, on its day', async () => {
  const files = [join(folder, 'none.pem'), file('empty.crt', ''), file('system.crt', one.pem + two.pem)];
  const store = await openSystem([...files, file('later.crt', one.pem)], () => assert.fail('not asked'));
  assert.deepEqual([store.name, store.date, store.size], ['system', '2026-08-01', 2]);
});

it('asks Node.js for the roots of a system that has no file', async () => {
  const store = await openSystem([join(folder, 'none.pem')], () => [one.pem, two.pem]);
  assert.deepEqual(hashes(store), [one.sha256, two.sha256].sort());
  assert.match(store.date, /^20\d\d-\d\d-\d\d$/);
});

it('says where it looked when the system has no roots', async () => {
  await assert.rejects(
    openSystem(['/nowhere/a.crt', '/nowhere/b.crt'], () => []),
    /^Error: No root certificates .*\/nowhere\/a.crt, \/nowhere\/b.crt.*: install ca-certificates/,
  );
});

for (const [what, contents] of [
  ['PEM', one.pem + two.pem],
  ['PEM with CRLF, text and a key', `roots\r\n${(one.pem + one.keyPem + two.pem).replaceAll('\n', '\r\n')}`],
  ['DER in a row', Buffer.concat([one.der, two.der])],
  ['PEM with one root twice', one.pem + two.pem + one.pem],
] as const) {
  it(`reads an operator's roots from ${what}`, async () => {
    const store = await readRootFile(file('own.pem', contents));
    assert.deepEqual([store.name, store.date, store.isPublic], ['file own.pem', '2026-08-01', false]);
    assert.deepEqual([store.size, store.unreadable], [2, []]);
    assert.deepEqual(hashes(store), [one.sha256, two.sha256].sort());
  });
}

for (const [what, broken, reason] of [
  ['cut off', toPem(one.der.subarray(0, 100)), /cut off|beyond|offset/],
  ['of other characters', one.pem.replace('MII', 'M!I'), /not clean base64/],
  ['without an end', one.pem.slice(0, -28), /no END line/],
] as const) {
  it(`names a root that is ${what}, trusts it not, and keeps the others`, async () => {
    const store = await readRootFile(file('half.pem', `${broken}\n${two.pem}`));
    assert.deepEqual(hashes(store), [two.sha256]);
    assert.equal(store.unreadable.length, 1);
    assert.match(store.unreadable[0]?.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.match(store.unreadable[0]?.reason ?? '', reason);
  });
}

for (const [what, path, error] of [
  ['is not there', join(folder, 'missing.pem'), /missing\.pem: there is no such file\.$/],
  ['is a folder', folder, /: it is a folder, not a file\.$/],
  ['is empty', file('nothing.pem', ''), /nothing\.pem: no certificate in it; give a PEM or DER file/],
  ['is text', file('text.pem', 'hello, world\n'), /text\.pem: no certificate in it; give/],
  ['is a key', file('key.pem', one.keyPem), /key\.pem: no certificate in it, only PRIVATE KEY; give/],
] as const) {
  it(`says in one sentence that a root file ${what}`, async () => {
    await assert.rejects(readRootFile(path), (thrown: Error) => {
      assert.match(thrown.message, error);
      assert.ok(!thrown.message.includes('\n'));
      return true;
    });
  });
}
