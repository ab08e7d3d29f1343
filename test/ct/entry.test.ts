import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedError } from '../../src/ct/bytes.js';
import { readDataTile } from '../../src/ct/data-tile.js';
import { readExtraData, readLeafIndex, readMerkleTreeLeaf, unknownEntryType } from '../../src/ct/entry.js';
import { locateEntries } from '../../src/ct/get-entries.js';
import { leafHash, writeLeafHash } from '../../src/ct/merkle.js';
import { LogBook, vector } from '../support/ct-log-book.js';
import { generatedEntries } from '../support/ct-log-entries.js';
import { damaged, sharedFile, sharedJson, withoutShared } from './shared.js';

const rfc6962 = new LogBook(false);
const tiled = new LogBook(true);
for (const entry of generatedEntries(4)) {
  rfc6962.append(entry, 1_700_000_000_000);
  tiled.append(entry, 1_700_000_000_000);
}

/** Throws only {@link MalformedError}, whatever the damage. */
function survivesDamage(bytes: Buffer, seed: number, read: (copy: Buffer) => unknown): void {
  for (const copy of damaged(bytes, 3000, seed))
    try {
      read(copy);
    } catch (error) {
      assert.ok(error instanceof MalformedError, String(error));
    }
}

describe('a Merkle tree leaf', () => {
  it('of a certificate shows where the certificate lies', () => {
    const entry = generatedEntries(1)[0]!;
    const book = new LogBook(false);
    book.append(entry, 1_700_000_000_000);
    const leaf = book.leafInputs[0]!;
    const parts = readMerkleTreeLeaf(leaf, 0, leaf.length);
    assert.equal(parts.entryType, 0);
    assert.equal(parts.timestampMs, 1_700_000_000_000);
    assert.ok(entry.kind === 'x509');
    assert.deepEqual(leaf.subarray(parts.certificateStart, parts.certificateEnd), entry.certificate);
  });

  it('of a precertificate shows the issuer key hash and the TBSCertificate', () => {
    const entry = generatedEntries(2)[1]!;
    const book = new LogBook(true);
    book.append(entry, 5);
    const leaf = book.leafInputs[0]!;
    const parts = readMerkleTreeLeaf(leaf, 0, leaf.length);
    assert.equal(parts.entryType, 1);
    assert.ok(entry.kind === 'precertificate');
    assert.deepEqual(leaf.subarray(parts.issuerKeyHashAt, parts.issuerKeyHashAt + 32), entry.issuerKeyHash);
    assert.deepEqual(leaf.subarray(parts.certificateStart, parts.certificateEnd), entry.tbs);
    assert.equal(readLeafIndex(leaf, parts.extensionsStart, parts.extensionsEnd), 0);
  });

  for (const [name, leaf] of [
    ['version', Buffer.concat([Buffer.from([1]), rfc6962.leafInputs[0]!.subarray(1)])],
    ['leaf type', Buffer.concat([Buffer.from([0, 1]), rfc6962.leafInputs[0]!.subarray(2)])],
    [
      'entry type',
      Buffer.concat([rfc6962.leafInputs[0]!.subarray(0, 11), Buffer.from([7]), Buffer.from('whatever')]),
    ],
  ] as const)
    it(`of an unknown ${name} is an entry, not an error`, () => {
      assert.equal(readMerkleTreeLeaf(leaf, 0, leaf.length).entryType, unknownEntryType);
    });

  it('with bytes behind it, or cut off anywhere, is malformed', () => {
    const leaf = rfc6962.leafInputs[1]!;
    const longer = Buffer.concat([leaf, Buffer.alloc(1)]);
    assert.throws(() => readMerkleTreeLeaf(longer, 0, longer.length), /trailing/);
    for (let end = 0; end < leaf.length; end += 1)
      assert.throws(() => readMerkleTreeLeaf(leaf, 0, end), MalformedError);
  });

  it('with a time beyond 2^53 is malformed', () => {
    const leaf = Buffer.from(rfc6962.leafInputs[0]!);
    leaf.fill(0xff, 2, 10);
    assert.throws(() => readMerkleTreeLeaf(leaf, 0, leaf.length), MalformedError);
  });
});

describe('extra data', () => {
  it('of both entry types gives chain and precertificate', () => {
    const certificate = readExtraData(0, rfc6962.extraData[0]!);
    assert.deepEqual([certificate.precertificate, certificate.chain.length], [null, 1]);
    const precertificate = readExtraData(1, rfc6962.extraData[1]!);
    assert.equal(precertificate.precertificate?.[0], 0x30);
    assert.equal(precertificate.chain.length, 1);
  });

  it('with bytes left over is malformed, and damage is told', () => {
    assert.throws(
      () => readExtraData(0, Buffer.concat([rfc6962.extraData[0]!, Buffer.alloc(1)])),
      MalformedError,
    );
    survivesDamage(rfc6962.extraData[1]!, 5, (copy) => readExtraData(1, copy));
  });
});

describe('the leaf_index extension', () => {
  const index = Buffer.from([0, 0, 5, 0, 0, 1, 0, 2]);
  const unknown = Buffer.from([9, 0, 1, 42]);
  for (const [name, bytes, expected] of [
    ['alone', index, 65_538],
    ['behind one that is not known', Buffer.concat([unknown, index]), 65_538],
    ['before one that is not known', Buffer.concat([index, unknown]), 65_538],
    ['absent, as in archived logs', Buffer.alloc(0), null],
    ['absent among others', unknown, null],
  ] as const)
    it(`is found ${name}`, () => {
      assert.equal(readLeafIndex(bytes, 0, bytes.length), expected);
    });
  for (const [name, bytes] of [
    ['twice', Buffer.concat([index, index])],
    ['with four bytes', Buffer.from([0, 0, 4, 0, 0, 0, 1])],
    ['cut off', Buffer.concat([unknown, index.subarray(0, 6)])],
  ] as const)
    it(`is malformed ${name}`, () => {
      assert.throws(() => readLeafIndex(bytes, 0, bytes.length), MalformedError);
    });
});

describe('a data tile', () => {
  const tile = Buffer.concat(tiled.tileLeaves);

  it('is taken apart into its entries, whose hashes are the tree', () => {
    const entries = readDataTile(tile, 4);
    for (const [index, { start, parts }] of entries.entries()) {
      const hash = Buffer.alloc(32);
      writeLeafHash(hash, 0, tile, start, parts.extensionsEnd, 3);
      assert.deepEqual(hash, tiled.tree.leafHash(index));
      assert.equal(readLeafIndex(tile, parts.extensionsStart, parts.extensionsEnd), index);
    }
  });

  it('with fewer or more entries than it should hold is malformed', () => {
    assert.throws(() => readDataTile(tile, 5), MalformedError);
    assert.throws(() => readDataTile(tile, 3), /after entry 3/);
    survivesDamage(tile, 6, (copy) => readDataTile(copy, 4));
  });

  it('with a chain that is not whole fingerprints is malformed', () => {
    const book = new LogBook(true);
    book.append(generatedEntries(1)[0]!, 1);
    const leaf = book.tileLeaves[0]!;
    const bad = Buffer.concat([leaf.subarray(0, leaf.length - 34), vector(2, Buffer.alloc(31))]);
    assert.throws(() => readDataTile(bad, 1), /32-byte/);
  });

  it('of the real logs hashes to the level 0 tiles', { skip: withoutShared }, () => {
    for (const [data, hashes, width] of [
      ['data/000', '0/000', 256],
      ['data/001', '0/001', 256],
      ['data/002', '0/002', 256],
      ['data/003.p/10', '0/003', 10],
    ] as const) {
      const bytes = sharedFile(`static-ct/navigli2025h2/tile/${data}`);
      const expected = sharedFile(`static-ct/navigli2025h2/tile/${hashes}`);
      for (const [index, entry] of readDataTile(bytes, width).entries()) {
        const hash = Buffer.alloc(32);
        writeLeafHash(hash, 0, bytes, entry.start, entry.parts.extensionsEnd, 3);
        assert.deepEqual(hash, expected.subarray(index * 32, index * 32 + 32));
      }
    }
    const { length } = readDataTile(sharedFile('static-ct/tesseract_example_tile_004'), 256);
    assert.equal(length, 256);
  });
});

describe('a get-entries answer', () => {
  const answer = (entries: readonly unknown[], rest = {}): Buffer =>
    Buffer.from(JSON.stringify({ entries, ...rest }));
  const entryJson = { leaf_input: 'AAAA', extra_data: 'BBBB' };
  const textsOf = (json: Buffer, most = 10): string[] =>
    locateEntries(json, most).map((text) => json.toString('latin1', text.leafStart, text.leafEnd));

  it('is searched without building it', () => {
    assert.deepEqual(textsOf(answer([entryJson, { extra_data: '', leaf_input: 'CCCC' }])), ['AAAA', 'CCCC']);
    assert.deepEqual(textsOf(answer([])), []);
  });

  it('may hold white space, unknown members and values of any kind', () => {
    const extra = { x: [1, -2.5e3, true, null, { y: 'a"b\\' }], leaf_input: 'AAAA', extra_data: '' };
    const json = Buffer.from(JSON.stringify({ first: [[]], entries: [extra], last: 'z' }, null, 2));
    assert.deepEqual(textsOf(json), ['AAAA']);
  });

  it('may escape slashes, of which base64 is full', () => {
    const json = Buffer.from('{"entries":[{"leaf_input":"A\\/\\/\\u002b","extra_data":"B\\/8="}]}');
    assert.deepEqual(textsOf(json), ['A//+']);
  });

  for (const [name, text] of [
    ['nothing', ''],
    ['no entries', '{"error":"x"}'],
    ['entries that are no list', '{"entries":{}}'],
    ['an entry without a leaf', '{"entries":[{"extra_data":""}]}'],
    ['a leaf that is no text', '{"entries":[{"leaf_input":7,"extra_data":""}]}'],
    ['something behind it', '{"entries":[]} x'],
    ['an end too early', '{"entries":[{"leaf_input":"AAAA'],
    ['a comma too many', '{"entries":[{"leaf_input":"A","extra_data":""},]}'],
    ['a bad escape', '{"entries":[{"leaf_input":"\\x","extra_data":""}]}'],
    ['a thousand brackets', `{"x":${'['.repeat(1000)}`],
    ['ten million brackets', '['.repeat(10_000_000)],
  ] as const)
    it(`is malformed with ${name}`, () => {
      assert.throws(() => locateEntries(Buffer.from(text), 10), MalformedError);
    });

  it('with more entries than were asked for is read as far as it was', () => {
    assert.equal(textsOf(answer([entryJson, entryJson]), 1).length, 1);
  });

  it('with extra_data that is no text is an entry without', () => {
    const json = Buffer.from('{"entries":[{"extra_data":null,"leaf_input":"AAAA"}]}');
    const [entry] = locateEntries(json, 1);
    assert.equal(entry?.extraStart, entry?.extraEnd);
  });

  it('is read exactly as JSON.parse reads it, and damage never goes further than our own error', () => {
    const json = Buffer.from(
      JSON.stringify({
        entries: rfc6962.leafInputs.map((leaf, index) => ({
          leaf_input: leaf.toString('base64'),
          extra_data: rfc6962.extraData[index]!.toString('base64'),
        })),
      }),
    );
    assert.deepEqual(
      textsOf(Buffer.from(json)),
      rfc6962.leafInputs.map((leaf) => leaf.toString('base64')),
    );
    survivesDamage(json, 7, (copy) => locateEntries(copy, 10));
  });

  it('of a real log is read, entry by entry', { skip: withoutShared }, () => {
    for (const [file, types] of [
      ['ct-go_four_entries.json', [0, 0, 0, 0]],
      ['ct-go_precert_and_cert_entry.json', [1, 0]],
    ] as const) {
      const json = sharedFile(`rfc6962/${file}`);
      const found = locateEntries(Buffer.from(json), 10).map(
        ({ leafStart, leafEnd, extraStart, extraEnd }) => {
          const leaf = Buffer.from(json.toString('latin1', leafStart, leafEnd), 'base64');
          const { entryType } = readMerkleTreeLeaf(leaf, 0, leaf.length);
          const { chain } = readExtraData(
            entryType,
            Buffer.from(json.toString('latin1', extraStart, extraEnd), 'base64'),
          );
          assert.ok(chain.length > 0);
          return entryType;
        },
      );
      assert.deepEqual(found, types);
    }
  });

  it('of a real log has the leaf hash its log proved', { skip: withoutShared }, () => {
    const answerOfLog = sharedJson('rfc6962/ct-go_four_entries.json') as {
      entries: { leaf_input: string }[];
    };
    assert.equal(leafHash(Buffer.from(answerOfLog.entries[0]!.leaf_input, 'base64')).length, 32);
  });
});
