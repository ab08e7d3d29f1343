import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { it } from 'node:test';
import { atLeast } from '../../src/model/severity.js';
import { judge } from '../../src/rules/judge.js';
import type { CheckInput } from '../../src/rules/rule.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { publicRoot } from './profile-support.js';
import { anInput, aPolicy, aValidation } from './support.js';

/** Certificates of public CAs as logs hold them, kept outside the repository. */
const shared = resolve(import.meta.dirname, '../../../../shared/ct/static-ct');
const options = { skip: existsSync(shared) ? false : 'no shared test data here' };

/** The submitted precertificates, or certificates, of a data tile (static-ct-api). */
function* certificatesOf(file: string): Generator<Buffer> {
  const tile = readFileSync(file);
  for (let at = 0; at < tile.length;) {
    const isPrecertificate = tile.readUInt16BE(at + 8) === 1;
    at += isPrecertificate ? 42 : 10;
    const take = (width: number): Buffer => {
      const length = tile.readUIntBE(at, width);
      at += width + length;
      return tile.subarray(at - length, at);
    };
    const leaf = take(3);
    take(2);
    yield isPrecertificate ? take(3) : leaf;
    take(2);
  }
}

/** What the rules say at least as warnings of a public CA's certificate, an hour after its notBefore. */
function complaints(der: Buffer, changes: Partial<CheckInput>): readonly string[] {
  const certificate = readCertificate(der);
  const [first = null] = certificate.dnsNames;
  const input = anInput({
    certificate,
    host: first?.replace('*', 'www') ?? null,
    validation: aValidation({ path: [certificate.sha256, publicRoot] }),
    policy: aPolicy({ ownedDomains: certificate.dnsNames.map((name) => name.replace('*.', '')) }),
    now: new Date((certificate.notBefore?.getTime() ?? 0) + 3_600_000),
    ...changes,
  });
  return judge(input)
    .filter(({ severity }) => atLeast(severity, 'warning'))
    .map(({ rule, details }) => `${certificate.issuer}: ${rule} ${JSON.stringify(details)}`);
}

it('says nothing against certificates of public CAs while they were valid', options, () => {
  const tiles = readdirSync(shared, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => /tile\/data\/|tile_\d+$/.test(path));
  let judged = 0;
  for (const tile of tiles)
    for (const der of certificatesOf(tile)) {
      assert.deepEqual(complaints(der, {}), []);
      assert.deepEqual(complaints(der, { source: 'logged', validation: null, host: null }), []);
      judged += 1;
    }
  assert.ok(judged >= 1280, `${judged}`);
});

it('says nothing against the roots that Mozilla includes', () => {
  const file = new URL('../../../config/roots/mozilla.json', import.meta.url);
  const { roots } = JSON.parse(readFileSync(file, 'utf8')) as {
    roots: { der: string; server: { trusted: boolean } }[];
  };
  // Form and key faults of old roots are the programme's affair, and named all the same.
  const tolerated = /^[^:]*: (?:malformed-certificate|weak-key) /;
  for (const { der, server } of roots)
    if (server.trusted) {
      const said = complaints(Buffer.from(der, 'base64'), { source: 'file', validation: null, host: null });
      assert.deepEqual(
        said.filter((text) => !tolerated.test(text)),
        [],
      );
    }
});
