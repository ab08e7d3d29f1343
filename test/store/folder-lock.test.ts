import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FolderInUseError, lockFolder } from '../../src/store/folder-lock.js';
import { temporaryFolder } from './sample.js';

describe('the lock of a folder', () => {
  for (const [name, file] of [
    ['a process that has ended', 'lock-999999999-1'],
    ['a process whose id another has now', `lock-${process.pid}-1`],
  ] as const)
    it(`takes over what was left by ${name}`, async () => {
      const dir = temporaryFolder();
      writeFileSync(join(dir, file), '');
      const unlock = await lockFolder(dir);
      assert.match(String(readdirSync(dir)), new RegExp(`^lock-${process.pid}-(?!1$)`));
      await assert.rejects(lockFolder(dir), FolderInUseError);
      await unlock();
      assert.deepEqual(readdirSync(dir), []);
    });

  it('is held by one of many processes that come at once, round after round', async () => {
    const module = new URL('../../src/store/folder-lock.js', import.meta.url).href;
    const code = `const { lockFolder } = await import(${JSON.stringify(module)});
      for await (const folder of process.stdin)
        await lockFolder(String(folder)).then(() => console.log('held'), (error) => console.log(error.name));`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    for (let round = 0; round < 4; round += 1) {
      const dir = temporaryFolder();
      writeFileSync(join(dir, 'lock-999999999-1'), '');
      const answers = await Promise.all(
        children.map(async ({ stdin, stdout }) => {
          stdin.write(dir);
          return String(((await once(stdout, 'data')) as [Buffer])[0]).trim();
        }),
      );
      assert.ok(answers.filter((answer) => answer === 'held').length <= 1, answers.join());
      assert.ok(answers.every((answer) => answer === 'held' || answer === 'FolderInUseError'));
      assert.equal(answers.includes('held'), true, answers.join());
    }
    for (const child of children) child.stdin.end();
    await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
  });
});
