import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedError } from '../../src/ct/bytes.js';
import { checkpointKeyId, maxCheckpointBytes, parseCheckpoint } from '../../src/ct/checkpoint.js';
import { loadLogKey } from '../../src/ct/log-key.js';
import { parseLogList } from '../../src/ct/log-list.js';
import { verifyTreeHead } from '../../src/ct/tree-head.js';
import { checkpointText, makeLogSigner, signHead } from '../support/ct-log-head.js';
import { damaged, sharedFile, sharedJson, withoutShared } from './shared.js';

const signer = makeLogSigner();
const key = loadLogKey(signer.key);
const origin = 'log.example/2026h2';
const head = { size: 1_000_000, timestampMs: 1_790_000_000_000, root: Buffer.alloc(32, 3) };
const text = checkpointText(head, signHead(head, signer), origin, signer);
const parse = (note: string) => parseCheckpoint(Buffer.from(note, 'utf8'), origin, key);

describe('a checkpoint', () => {
  it('gives the head of the one line by the log key, whatever other lines stand around it', () => {
    const parsed = parse(text);
    assert.equal(parsed.treeSize, head.size);
    assert.equal(parsed.timestampMs, head.timestampMs);
    assert.ok(verifyTreeHead(parsed, key));
  });

  it('does not depend on the order of its signature lines', () => {
    const [body, lines] = text.split('\n\n');
    const reversed = `${body}\n\n${lines!.trimEnd().split('\n').toReversed().join('\n')}\n`;
    assert.ok(verifyTreeHead(parse(reversed), key));
  });

  it('does not verify with another size, root, time or key', () => {
    assert.equal(verifyTreeHead(parse(text.replace('\n1000000\n', '\n1000001\n')), key), false);
    assert.equal(
      verifyTreeHead(parse(text.replace(/\n\w{43}=\n/, `\n${Buffer.alloc(32).toString('base64')}\n`)), key),
      false,
    );
    const other = loadLogKey(makeLogSigner().key);
    assert.throws(() => parseCheckpoint(Buffer.from(text), origin, other), /no signature line/);
  });

  for (const [name, note] of [
    ['another origin', text.replace(origin, 'log.example/2027h1')],
    ['an extension line', text.replace('\n\n', '\nextension\n\n')],
    ['a size with a leading zero', text.replace('\n1000000\n', '\n01000000\n')],
    ['a size that is no number', text.replace('\n1000000\n', '\nmany\n')],
    ['a root of 31 bytes', text.replace(/\n\w{43}=\n/, `\n${Buffer.alloc(31).toString('base64')}\n`)],
    ['a control character', text.replace('\n1000000\n', '\n1000000\r\n')],
    ['no signature block', text.split('\n\n')[0]!],
    ['no end of line', text.trimEnd()],
    ['a line that is no signature', `${text}hello\n`],
    ['a signature of four bytes', `${text}\u2014 x AAAAAA==\n`],
    ['129 signatures', text + '\u2014 x AAAAAAA=\n'.repeat(129)],
    ['more bytes than anybody needs', text + ' '.repeat(maxCheckpointBytes)],
    ['nothing at all', ''],
  ] as const)
    it(`is refused with ${name}`, () => {
      assert.throws(() => parse(note), MalformedError);
    });

  it('is refused when it is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0x0a])]);
    assert.throws(() => parseCheckpoint(bytes, origin, key), /UTF-8/);
  });

  it('damaged in any way is refused or shows the same head', () => {
    for (const bytes of damaged(Buffer.from(text), 3000, 3))
      try {
        const parsed = parseCheckpoint(bytes, origin, key);
        if (verifyTreeHead(parsed, key)) assert.equal(parsed.treeSize, head.size);
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
  });
});

describe('real checkpoints', { skip: withoutShared }, () => {
  it('of ParcelYard2026h2 with four signature lines verifies with the key of the log list', () => {
    const list = parseLogList(sharedFile('loglist/log_list.v89.30.reconstructed.json'));
    const log = list.logs.find(({ description }) => description.includes('ParcelYard2026h2'))!;
    const logKey = loadLogKey(log.key);
    const parsed = parseCheckpoint(sharedFile('static-ct/parcelyard2026h2_checkpoint'), log.origin, logKey);
    assert.equal(parsed.treeSize, 1_587_930_800);
    assert.equal(checkpointKeyId(log.origin, logKey).toString('hex'), '93a78ae0');
    assert.ok(verifyTreeHead(parsed, logKey));
  });

  it('of Rome 2026h1 verifies with the key of its log.v3.json', () => {
    const meta = sharedJson('static-ct/rome2026h1.example.org/log.v3.json');
    const logKey = loadLogKey(String(meta['key']));
    const parsed = parseCheckpoint(
      sharedFile('static-ct/rome2026h1.example.org/checkpoint'),
      'rome2026h1.example.org',
      logKey,
    );
    assert.equal(parsed.treeSize, 300);
    assert.ok(verifyTreeHead(parsed, logKey));
  });
});
