import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, it } from 'node:test';
import { readBounded, readStreamBounded } from '../../src/lib/read-bounded.js';

const folder = mkdtempSync(join(tmpdir(), 'certglass-read-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

for (const size of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
  it(`reads the ${size} bytes of a file`, async () => {
    const bytes = Buffer.alloc(size, 'certglass');
    writeFileSync(at('file'), bytes);
    assert.ok((await readBounded(at('file'), 300_000)).equals(bytes));
  });
}

it('reads a file of exactly the limit and none above it', async () => {
  writeFileSync(at('limit'), Buffer.alloc(1000));
  assert.equal((await readBounded(at('limit'), 1000)).length, 1000);
  await assert.rejects(readBounded(at('limit'), 999), /limit: it has more than 999 bytes\.$/);
});

it('reads files that do not know their size, up to the limit', async () => {
  assert.ok((await readBounded('/proc/self/status', 1_000_000)).includes('Name:'));
  await assert.rejects(
    readBounded('/dev/zero', 1_000_000),
    /^Error: \/dev\/zero: it has more than 1000000 bytes\.$/,
  );
});

it('reads a stream up to the limit', async () => {
  const parts = ['abc', Buffer.from('de')];
  assert.equal((await readStreamBounded(Readable.from(parts), 5, '-')).toString(), 'abcde');
  await assert.rejects(
    readStreamBounded(Readable.from(parts), 4, '-'),
    /^Error: -: it has more than 4 bytes\.$/,
  );
  const broken = new Readable({ read: () => broken.destroy(new Error('gone')) });
  await assert.rejects(readStreamBounded(broken, 4, '-'), /^Error: -: gone\.$/);
});

it('says why a file cannot be read, under the name it is given', async () => {
  symlinkSync('circle', at('circle'));
  writeFileSync(at('plain'), '');
  for (const [path, error] of [
    [at('none'), /^Error: here: there is no such file\.$/],
    [at('plain/none'), /^Error: here: there is no such file\.$/],
    [folder, /^Error: here: it is a folder, not a file\.$/],
    [at('circle'), /^Error: here: its symbolic links go round in a circle\.$/],
    ['a\0b', /^Error: here: .*null bytes/],
  ] as const)
    await assert.rejects(readBounded(path, 10, 'here'), error);
});
