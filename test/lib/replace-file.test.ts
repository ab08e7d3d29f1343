import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { replaceFile } from '../../src/lib/replace-file.js';

describe('replacing a file', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replace-file-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('writes text, bytes and what a function writes, into folders that were missing, for the owner alone', async () => {
    const path = join(folder, 'a', 'b', 'file');
    await replaceFile(path, 'text');
    assert.equal(await readFile(path, 'utf8'), 'text');
    await replaceFile(path, Buffer.from('bytes'));
    assert.equal(await readFile(path, 'utf8'), 'bytes');
    await replaceFile(path, async (file) => {
      await file.writeFile('one ');
      await file.writeFile('two');
    });
    assert.equal(await readFile(path, 'utf8'), 'one two');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('keeps the old content, and leaves nothing beside it, when writing fails', async () => {
    const path = join(folder, 'kept');
    await writeFile(path, 'old');
    const failing = replaceFile(path, async (file) => {
      await file.writeFile('half of the ne');
      throw new Error('disk full');
    });
    await assert.rejects(failing, /disk full/);
    assert.equal(await readFile(path, 'utf8'), 'old');
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('kept')),
      ['kept'],
    );
  });

  it('leaves nothing behind when the name cannot be taken', async () => {
    await mkdir(join(folder, 'taken', 'inside'), { recursive: true });
    await assert.rejects(replaceFile(join(folder, 'taken'), 'text'), /EISDIR|ENOTEMPTY|EEXIST/);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('taken')),
      ['taken'],
    );
  });

  it('may be called many times at once for one path: the last content stays, whole', async () => {
    const path = join(folder, 'busy');
    const contents = Array.from({ length: 50 }, (_, index) => String(index).repeat(1000));
    await Promise.all(contents.map((content) => replaceFile(path, content)));
    assert.equal(await readFile(path, 'utf8'), contents.at(-1));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('busy')),
      ['busy'],
    );
  });

  it('goes on after a replacement of the same path that failed', async () => {
    const path = join(folder, 'again');
    const failing = replaceFile(path, () => Promise.reject(new Error('disk full')));
    const next = replaceFile(path, 'well');
    await assert.rejects(failing, /disk full/);
    await next;
    assert.equal(await readFile(path, 'utf8'), 'well');
  });
});
