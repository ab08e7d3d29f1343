import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { evidenceOf } from '../../src/ct/evidence.js';
import { makeLogSigner, signHead } from '../support/ct-log-head.js';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'ct-evidence-'))));
after(() => rm(folder, { recursive: true }));

/** What a log signs of a head (RFC 6962 section 3.5), put together from the evidence alone. */
function signedBytes(head: Readonly<Record<string, string | number>>): Buffer {
  const input = Buffer.alloc(18);
  input.writeUInt8(1, 1);
  input.writeBigUInt64BE(BigInt(head['timestamp']!), 2);
  input.writeBigUInt64BE(BigInt(head['tree_size']!), 10);
  return Buffer.concat([input, Buffer.from(String(head['sha256_root_hash']), 'base64')]);
}

/** OpenSSL's opinion: exit code 0 when the key signed the bytes. */
async function opensslVerifies(key: string, bytes: Buffer, signature: Buffer): Promise<boolean> {
  const [pem, input, sig] = ['key.pem', 'input', 'signature'].map((name) => join(folder, name));
  await writeFile(
    pem!,
    `-----BEGIN PUBLIC KEY-----\n${key.replaceAll(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`,
  );
  await writeFile(input!, bytes);
  await writeFile(sig!, signature);
  return spawnSync('openssl', ['dgst', '-sha256', '-verify', pem!, '-signature', sig!, input!]).status === 0;
}

it('evidence of a fork is verified offline by OpenSSL, from nothing but what it holds', async () => {
  const signer = makeLogSigner();
  const heads = [1, 2].map((byte) => {
    const head = { size: 77, timestampMs: 1_790_000_000_000 + byte, root: Buffer.alloc(32, byte) };
    const { size: treeSize, timestampMs, root: rootHash } = head;
    return { treeSize, timestampMs, rootHash, signature: signHead(head, signer) };
  });
  const evidence = JSON.parse(JSON.stringify(evidenceOf('fork', signer, heads[0]!, heads[1]!))) as ReturnType<
    typeof evidenceOf
  >;
  assert.notEqual(evidence.heads[0]['sha256_root_hash'], evidence.heads[1]['sha256_root_hash']);
  for (const head of evidence.heads) {
    const bytes = signedBytes(head);
    // DigitallySigned: hash u8 | signature u8 | length u16 | DER.
    const signature = Buffer.from(String(head['tree_head_signature']), 'base64').subarray(4);
    assert.ok(await opensslVerifies(evidence.key, bytes, signature));
    bytes[20]! ^= 1;
    assert.ok(!(await opensslVerifies(evidence.key, bytes, signature)));
  }
});
