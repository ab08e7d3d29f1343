import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { testSource } from '../../src/cli/inventory-test.js';
import { issueFor } from '../support/pki.js';

const folder = mkdtempSync(join(tmpdir(), 'certglass-test-source-'));
after(() => rmSync(folder, { recursive: true }));
const leaf = issueFor('www.example.com');
writeFileSync(join(folder, 'a.pem'), leaf.pem);
writeFileSync(join(folder, 'broken.crt'), 'nonsense');
const config = join(folder, 'certglass.yaml');
writeFileSync(
  config,
  JSON.stringify({
    inventory: {
      sources: [
        { type: 'files', name: 'good', paths: [join(folder, 'a.pem')], owner: 'web' },
        { type: 'files', name: 'bad', paths: [folder] },
      ],
    },
  }),
);

async function run(source: string) {
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const code = await testSource(source, { config }, { stdout: sink, stderr: sink });
  return { code, text };
}

describe('certglass inventory test', () => {
  it('says in about ten lines what a source sees', async () => {
    const { code, text } = await run('files:good');
    assert.equal(code, 0);
    assert.match(text, /^source {7}files:good\nread {9}1 certificates in [\d.]+ s, complete\n/);
    assert.match(text, /owners {7}web\n/);
    assert.ok(text.includes(leaf.sha256.slice(0, 16)));
    assert.ok(text.split('\n').length <= 13);
  });
  it('exits 1 when something cannot be read, and names it', async () => {
    const { code, text } = await run('bad');
    assert.equal(code, 1);
    assert.match(text, /incomplete/);
    assert.match(text, /errors {7}.*broken\.crt: holds no certificate/);
  });
  it('names the sources there are when asked for another', async () => {
    await assert.rejects(run('vault'), /there is no source vault; .* has: files:good, files:bad/);
    await assert.rejects(run('files'), /there is more than one source files/);
  });
});
