import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { MalformedError } from '../../src/ct/bytes.js';
import { loadLogKey } from '../../src/ct/log-key.js';
import {
  parseSignedTreeHead,
  toSignedTreeHead,
  treeHeadInput,
  verifyTreeHead,
} from '../../src/ct/tree-head.js';
import { makeLogSigner, signHead, sthJson } from '../support/ct-log-head.js';
import { damaged, sharedFile, sharedJson, withoutShared } from './shared.js';

const signer = makeLogSigner();
const head = { size: 5, timestampMs: 1_700_000_000_123, root: Buffer.alloc(32, 7) };
const json = sthJson(head, signHead(head, signer));

/** Key of a log of the shared lists, by part of its description. */
function listedKey(description: string): string {
  const list = sharedJson('loglist/log_list.v89.30.reconstructed.json');
  const operators = list['operators'] as { logs: { description: string; key: string }[] }[];
  return operators.flatMap(({ logs }) => logs).find((log) => log.description.includes(description))!.key;
}

describe('a signed tree head', () => {
  it('verifies with the key of its log', () => {
    const parsed = parseSignedTreeHead(json);
    assert.equal(parsed.treeSize, 5);
    assert.ok(verifyTreeHead(parsed, loadLogKey(signer.key)));
    assert.deepEqual(parseSignedTreeHead(JSON.stringify(toSignedTreeHead(parsed))), parsed);
  });

  it('does not verify once any of its parts is changed, or with another key', () => {
    const parsed = parseSignedTreeHead(json);
    const key = loadLogKey(signer.key);
    for (const change of [
      { treeSize: 6 },
      { timestampMs: parsed.timestampMs + 1 },
      { rootHash: Buffer.alloc(32, 8) },
      { signature: Buffer.alloc(0) },
      { signature: parsed.signature.subarray(1) },
      { signature: Buffer.concat([parsed.signature, Buffer.alloc(1)]) },
      { signature: Buffer.concat([Buffer.from([2, 3]), parsed.signature.subarray(2)]) },
      { signature: Buffer.concat([Buffer.from([4, 1]), parsed.signature.subarray(2)]) },
    ])
      assert.equal(verifyTreeHead({ ...parsed, ...change }, key), false, JSON.stringify(change));
    assert.equal(verifyTreeHead(parsed, loadLogKey(makeLogSigner().key)), false);
  });

  it('of an old log with an RSA key verifies', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const parsed = parseSignedTreeHead(json);
    const signature = sign('sha256', treeHeadInput(parsed), privateKey);
    const digitallySigned = Buffer.concat([
      Buffer.from([4, 1, signature.length >> 8, signature.length & 255]),
      signature,
    ]);
    const key = loadLogKey(publicKey.export({ type: 'spki', format: 'der' }).toString('base64'));
    assert.ok(verifyTreeHead({ ...parsed, signature: digitallySigned }, key));
  });

  for (const [name, text] of [
    ['no JSON', '<html>'],
    ['a list', '[]'],
    ['a size as text', json.replace('"tree_size":5', '"tree_size":"5"')],
    ['a negative size', json.replace('"tree_size":5', '"tree_size":-5')],
    ['a size beyond 2^53', json.replace('"tree_size":5', '"tree_size":9007199254740993')],
    ['a short root', json.replace(/"sha256_root_hash":"[^"]*"/, '"sha256_root_hash":"AAAA"')],
    ['a root that is no base64', json.replace(/"sha256_root_hash":"[^"]*"/, '"sha256_root_hash":"?"')],
    ['no signature', json.replace('tree_head_signature', 'other')],
  ] as const)
    it(`is refused with ${name}`, () => {
      assert.throws(() => parseSignedTreeHead(text), MalformedError);
    });

  it('damaged in any way is refused or does not verify', () => {
    const key = loadLogKey(signer.key);
    for (const bytes of damaged(Buffer.from(json), 2000, 2)) {
      const text = bytes.toString('latin1');
      try {
        const parsed = parseSignedTreeHead(text);
        assert.deepEqual([verifyTreeHead(parsed, key), text], [text === json, text]);
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
    }
  });
});

describe('real tree heads', { skip: withoutShared }, () => {
  for (const name of ['argon2027h1_sth1', 'argon2027h1_sth2'])
    it(`${name} verifies with the key of the log list`, () => {
      const parsed = parseSignedTreeHead(sharedFile(`rfc6962/${name}.json`).toString());
      assert.ok(verifyTreeHead(parsed, loadLogKey(listedKey('Argon2027h1'))));
    });

  it('the one of Google Pilot of 2014 verifies, the one with a made-up signature does not', () => {
    const pem = sharedFile('rfc6962/google-ct-pilot-public.pem').toString();
    const key = loadLogKey(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''));
    assert.ok(verifyTreeHead(parseSignedTreeHead(sharedFile('rfc6962/ct-go_sth_2014.json').toString()), key));
    const fake = parseSignedTreeHead(sharedFile('rfc6962/ct-go_four_entries_sth.json').toString());
    assert.equal(verifyTreeHead(fake, key), false);
  });
});

it('refuses keys that are no log keys', () => {
  const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  for (const text of ['', '!', 'AAAA', ed25519.toString('base64')])
    assert.throws(() => loadLogKey(text), MalformedError);
});
