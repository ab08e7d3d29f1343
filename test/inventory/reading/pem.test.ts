import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lines } from '../../../src/inventory/reading/lines.js';
import { decodeBase64, pemBlocks } from '../../../src/inventory/reading/pem.js';
import { chunked, collect, seeded } from '../../support/collect.js';

const blocksOf = (text: string) => collect(pemBlocks(lines(chunked(Buffer.from(text), 50))));
const pem = (label: string, body: string): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

describe('PEM', () => {
  it('finds certificates between text and keys, and drops the keys unread', async () => {
    const text = `subject=CN\r\n${pem('PRIVATE KEY', 'not even base64!')}text\n${pem('CERTIFICATE', 'MAAA')}`;
    assert.deepEqual(await blocksOf(text), [
      { label: 'PRIVATE KEY', line: 2, der: null, problem: null },
      { label: 'CERTIFICATE', line: 6, der: Buffer.from([0x30, 0, 0]), problem: null },
    ]);
  });

  for (const [name, text, problem] of [
    ['no END', '-----BEGIN CERTIFICATE-----\nMAAA\n', 'has no END line'],
    [
      'a new BEGIN before the END',
      `-----BEGIN CERTIFICATE-----\nMAAA\n${pem('PRIVATE KEY', 'x')}`,
      'has no END line',
    ],
    ['another END', '-----BEGIN CERTIFICATE-----\nMAAA\n-----END PRIVATE KEY-----\n', 'ends as PRIVATE KEY'],
    ['no base64', pem('CERTIFICATE', 'MA*A'), 'is not base64'],
    ['missing padding', pem('CERTIFICATE', 'MAA'), 'is not base64'],
    ['nothing inside', pem('CERTIFICATE', ''), 'is not base64'],
    ['too much inside', pem('CERTIFICATE', 'A'.repeat(1_000_001)), 'is longer than 8000000 characters'],
  ] as const)
    it(`says what is wrong with a block with ${name}`, async () => {
      const [block] = await blocksOf(text);
      assert.deepEqual([block?.label, block?.der, block?.problem], ['CERTIFICATE', null, problem]);
    });

  it('never throws on random text (2,000 seeded inputs)', async () => {
    const random = seeded(2);
    const parts = [
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '-----BEGIN ',
      '-----',
      '\n',
      'MAAA',
      '\0',
    ];
    for (let n = 0; n < 2_000; n += 1) {
      const text = Array.from({ length: 12 }, () => parts[Math.floor(random() * parts.length)]).join('');
      for (const block of await blocksOf(text)) assert.ok(block.der === null || block.problem === null);
    }
  });

  it('decodes strict base64 alone', () => {
    for (const bad of ['', 'A', 'AA', 'AAA', 'A===', 'AA=A', 'AAAA====', 'AA-_', ' AAAA'])
      assert.equal(decodeBase64(bad), null, bad);
    assert.deepEqual(decodeBase64('AAE='), Buffer.from([0, 1]));
  });
});
