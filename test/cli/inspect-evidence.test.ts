import assert from 'node:assert/strict';
import { createHash, createPublicKey, sign } from 'node:crypto';
import { it } from 'node:test';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { embeddedEntry } from '../../src/x509/sct/sct.js';
import * as der from '../support/der-writer.js';
import { ocspResponse, revoked } from '../support/ocsp.js';
import { daysFromNow, extension, issueFor, makeKey, toPem } from '../support/pki.js';
import { file, only, root, roots, run } from './run-inspect.js';

const serialNumber = 0x4711n;
const key = makeKey();
const listed = issueFor('www.example.com', { issuer: root, key, serialNumber });
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const vector = (bytes: Buffer): Buffer => Buffer.concat([u16(bytes.length), bytes]);

const logKey = makeKey();
const logSpki = createPublicKey(logKey).export({ type: 'spki', format: 'der' });
const logId = createHash('sha256').update(logSpki).digest();
const logList = file(
  'log-list.json',
  JSON.stringify({
    operators: [
      {
        name: 'Operator',
        logs: [
          {
            description: 'Test Log',
            log_id: logId.toString('base64'),
            key: logSpki.toString('base64'),
            url: 'https://log.example.com/',
            mmd: 86_400,
            state: { usable: { timestamp: '2024-01-01T00:00:00Z' } },
          },
        ],
        tiled_logs: [],
      },
    ],
  }),
);

/** A certificate with one SCT of the log, written from RFC 6962 section 3.2. */
function logged(): Buffer {
  const entry = embeddedEntry(readCertificate(listed.der), readCertificate(root.der));
  assert.ok(entry?.type === 'precertificate');
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64BE(BigInt(daysFromNow(-1).getTime()));
  const length = Buffer.alloc(3);
  length.writeUIntBE(entry.bytes.length, 0, 3);
  const parts = [Buffer.from([0, 0]), timestamp, u16(1), entry.issuerKeyHash, length, entry.bytes, u16(0)];
  const signature = sign('sha256', Buffer.concat(parts), logKey);
  const sct = Buffer.concat([
    Buffer.from([0]),
    logId,
    timestamp,
    u16(0),
    Buffer.from([4, 3]),
    vector(signature),
  ]);
  const scts = extension('1.3.6.1.4.1.11129.2.4.2', false, der.octetString(vector(vector(sct))));
  return issueFor('www.example.com', { issuer: root, key, serialNumber, extensions: [scts] }).der;
}

it('verifies embedded SCTs against a log list, and says what browsers ask for', async () => {
  const path = file('logged.pem', toPem(logged()) + root.pem);
  const { lines } = await run([path], { json: true, logList });
  const { transparency } = lines[0]!;
  assert.deepEqual(
    transparency?.scts.map(({ source, log, operator, verdict }) => [source, log, operator, verdict]),
    [['embedded', 'Test Log', 'Operator', 'valid']],
  );
  assert.deepEqual(
    transparency?.policies.map(({ policy, compliant, countedScts }) => [policy, compliant, countedScts]),
    [
      ['Chrome', false, 1],
      ['Apple', false, 1],
      ['Mozilla', false, 1],
    ],
  );
  const { out } = await run([path], { logList });
  assert.match(out, /scts +1 of 1 valid\n/);
  assert.match(out, /Chrome's policy not satisfied; 1 embedded SCTs count, 2 are required/);
});

it('takes the issuer from the roots, and says of SCTs without one that nothing can be said', async () => {
  const path = file('logged-alone.pem', toPem(logged()));
  const verdicts = async (options: object) =>
    (await only(path, options)).transparency?.scts.map(({ verdict }) => verdict);
  assert.deepEqual(await verdicts({ logList, roots }), ['valid']);
  assert.deepEqual(await verdicts({ logList }), ['unverified']);
});

it('says nothing of SCTs without a log list, and refuses a file that is none', async () => {
  const path = file('logged-alone.pem', toPem(logged()));
  assert.equal((await only(path)).transparency, null);
  await assert.rejects(run([path], { logList: roots }), /is no log list/);
});

for (const [what, response, status, code] of [
  ['good', ocspResponse(root, serialNumber), 'good', 0],
  ['revoked', ocspResponse(root, serialNumber, { status: revoked(1) }), 'revoked', 1],
  ['out of date', ocspResponse(root, serialNumber, { nextUpdate: daysFromNow(-0.5) }), 'unusable', 0],
  ['about another certificate', ocspResponse(root, 1n), null, 0],
] as const) {
  it(`tells of an OCSP response that is ${what}`, async () => {
    const path = file('listed.pem', listed.pem + root.pem);
    const ocsp = file('ocsp.der', response);
    const { lines, code: exit } = await run([path], { json: true, ocsp });
    assert.equal(lines[0]?.ocsp?.status ?? null, status);
    assert.equal(lines[1]?.ocsp, null);
    assert.equal(exit, code);
    if (status !== null) assert.match((await run([path], { ocsp })).out, new RegExp(`ocsp +${status}`));
  });
}
