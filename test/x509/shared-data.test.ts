import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { it } from 'node:test';
import { isUnreadable, type Certificate } from '../../src/model/certificate.js';
import { readBundle } from '../../src/x509/files/bundle.js';
import { checkKey } from '../../src/x509/keys/check-key.js';
import { comparePair } from '../../src/x509/read/pairing.js';
import { readCertificate, readTbs } from '../../src/x509/read/read-certificate.js';
import { createSctChecker, type CtLog } from '../../src/x509/sct/sct-report.js';
import { assertAgrees } from './describe/agreement.js';

/** Real certificates, kept outside the repository. */
const shared = resolve(import.meta.dirname, '../../../../shared/ct');
const options = { skip: existsSync(shared) ? false : 'no shared test data here' };

function filesIn(folder: string): string[] {
  return readdirSync(join(shared, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:pem|der)$/.test(name) && !name.includes('key'))
    .map((name) => join(shared, folder, name));
}

const certificatesIn = (file: string): Certificate[] =>
  readBundle(readFileSync(file)).items.map(({ der }) => readCertificate(der));
const load = (name: string): Certificate => certificatesIn(join(shared, 'certs', name))[0]!;

/** Entries of a data tile (static-ct-api): the leaf's certificate or TBSCertificate, and the submitted precertificate. */
function* tileEntries(file: string): Generator<{ leaf: Buffer; precertificate: Buffer | null }> {
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
    const precertificate = isPrecertificate ? take(3) : null;
    take(2);
    yield { leaf, precertificate };
  }
}

it('reads every well-formed certificate as node:crypto does', options, () => {
  let compared = 0;
  for (const file of [...filesIn('certs'), ...filesIn('malformed')])
    for (const certificate of certificatesIn(file)) {
      const peer = parse(certificate.der);
      if (peer === null || isUnreadable(certificate)) continue;
      assertAgrees(certificate, peer, file);
      compared += 1;
    }
  assert.ok(compared > 90, `${compared}`);
});

function parse(der: Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
}

it(
  'keeps the hash of every malformed certificate, and says what is wrong with what it cannot read',
  options,
  () => {
    for (const file of filesIn('malformed'))
      for (const certificate of certificatesIn(file)) {
        assert.equal(certificate.sha256, createHash('sha256').update(certificate.der).digest('hex'));
        if (parse(certificate.der) === null) assert.ok(certificate.problems.length > 0, file);
        checkKey(certificate);
      }
  },
);

it('pairs all 1,280 precertificates of the tiles with their leaves', options, () => {
  const tiles = [
    'tesseract_example_tile_004',
    ...[0, 1, 2, 3].map((tile) => `navigli2025h2/tile/data/00${tile}`),
  ];
  let paired = 0;
  for (const tile of tiles)
    for (const { leaf, precertificate } of tileEntries(join(shared, 'static-ct', tile))) {
      assert.ok(precertificate !== null);
      const [bare, whole] = [readTbs(leaf), readCertificate(precertificate)];
      assert.equal(whole.tbsSha256, bare.tbsSha256);
      assert.deepEqual([whole.problems, whole.isPrecertificate], [[], true]);
      assert.deepEqual(whole.names, bare.names);
      if (paired % 16 === 0) assertAgrees(whole, new X509Certificate(precertificate), tile);
      paired += 1;
    }
  assert.equal(paired, 1280);
});

it('pairs precertificates with certificates, and tells wrong pairs', options, () => {
  const ct = (name: string): Certificate => load(`ct-testdata/${name}.pem`);
  const boulder = (name: string): Certificate => load(`boulder-precert/${name}.pem`);
  assert.equal(comparePair(boulder('good_precert'), boulder('good_final')).isPair, true);
  assert.equal(comparePair(boulder('bad_precert'), boulder('bad_final')).isPair, false);
  assert.equal(comparePair(ct('test-embedded-pre-cert'), ct('test-embedded-cert')).isPair, true);
  const [precertificate, certificate] = [
    ct('test-embedded-with-preca-pre-cert'),
    ct('test-embedded-with-preca-cert'),
  ];
  assert.equal(comparePair(precertificate, certificate).isPair, false);
  assert.equal(comparePair(precertificate, certificate, ct('ca-pre-cert')).isPair, true);
  const viaIntermediate = ct('test-embedded-with-intermediate-preca-pre-cert');
  assert.equal(
    comparePair(
      viaIntermediate,
      ct('test-embedded-with-intermediate-preca-cert'),
      ct('intermediate-pre-cert'),
    ).isPair,
    true,
  );
});

/** Logs of a log list v3, as far as SCTs need them. */
function logs(): CtLog[] {
  const list = JSON.parse(readFileSync(join(shared, 'loglist/all_logs_list.v53.34.json'), 'utf8')) as {
    operators: { name: string; logs: { description: string; log_id: string; key: string }[] }[];
  };
  const testKey = readFileSync(join(shared, 'certs/ct-testdata/ct-server-key-public.pem'), 'utf8').replace(
    /-----[^-]*-----|\s/g,
    '',
  );
  const known = list.operators.flatMap(({ name, logs: all }) =>
    all.map((log) => ({ logId: log.log_id, description: log.description, operator: name, key: log.key })),
  );
  const logId = createHash('sha256').update(Buffer.from(testKey, 'base64')).digest('base64');
  return [...known, { logId, description: 'test log', operator: 'test', key: testKey }].map((log) => ({
    ...log,
    previousOperators: [],
    protocol: 'rfc6962',
    state: 'usable',
    stateSince: null,
  }));
}

it('verifies real SCTs, and refuses wrong ones', options, () => {
  const check = createSctChecker(logs());
  const verdicts = (
    certificate: Certificate,
    issuer: Certificate | null,
    tlsList: Uint8Array | null = null,
  ): string[] =>
    check({ certificate, issuer, tlsList, ocspList: null, now: new Date() }).scts.map(
      ({ verdict }) => verdict,
    );
  const ct = (name: string): Certificate => load(`ct-testdata/${name}.pem`);
  const [github, githubIssuer] = certificatesIn(join(shared, 'certs/ct-testdata/github-chain.pem'));
  assert.deepEqual(verdicts(github!, githubIssuer!), ['valid', 'valid', 'valid']);
  assert.deepEqual(verdicts(ct('test-embedded-cert'), ct('ca-cert')), ['valid']);
  assert.deepEqual(verdicts(ct('test-embedded-with-preca-cert'), ct('ca-cert')), ['valid']);
  assert.deepEqual(verdicts(ct('test-embedded-with-intermediate-preca-cert'), ct('intermediate-cert')), [
    'valid',
  ]);
  assert.deepEqual(verdicts(ct('test-invalid-embedded-cert'), ct('ca-cert')), ['bad-signature']);
  const proof = readFileSync(join(shared, 'certs/ct-testdata/test-cert.proof'));
  const list = Buffer.concat([Buffer.from([0, proof.length + 2, 0, proof.length]), proof]);
  assert.deepEqual(verdicts(ct('test-cert'), null, list), ['valid']);
});
