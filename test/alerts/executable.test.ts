import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { executable } from '../../src/alerts/executable.js';
import { temporaryFolder } from '../store/sample.js';
import { finding, hostileTexts, message, openChannel } from './samples.js';

/** A program that runs this JavaScript; `out` is a file of its own. */
function program(code: string): { readonly keys: object; readonly out: string } {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  const script = join(folder, 'program.mjs');
  writeFileSync(script, `import fs from 'node:fs';\nconst out = ${JSON.stringify(out)};\n${code}`);
  return { keys: { command: process.execPath, arguments: [script, '$(touch x)', '; ls', 'a b'] }, out };
}

const readAll = `fs.writeFileSync(out, JSON.stringify({ argv: process.argv.slice(2), stdin: fs.readFileSync(0, 'utf8'), env: process.env }));`;

async function send(keys: object, list = [finding()], signal = new AbortController().signal) {
  return openChannel(executable, keys).send(await message(list), signal);
}

describe('a program of the operator', () => {
  it('gets the message as JSON on its standard input, and its arguments as they are', async () => {
    const { keys, out } = program(readAll);
    assert.deepEqual(await send(keys), {
      ok: true,
      permanent: false,
      retryAfterMs: null,
      detail: 'exit code 0',
    });
    const got = JSON.parse(readFileSync(out, 'utf8'));
    assert.deepEqual(got.argv, ['$(touch x)', '; ls', 'a b']);
    const given = JSON.parse(got.stdin);
    assert.equal(given.headline, 'CRITICAL: Certificate has expired (www.example.com:443)');
    assert.equal(given.alerts[0].id, 'f'.repeat(32));
    assert.deepEqual(
      Object.keys(got.env)
        .filter((name) => name !== 'PATH')
        .sort(),
      ['CERTGLASS_ACTION', 'CERTGLASS_DELIVERY'],
    );
  });

  it('gets hostile text as one line of JSON that steers no terminal', async () => {
    const { keys, out } = program(readAll);
    for (const text of hostileTexts.slice(0, 14)) {
      assert.equal((await send(keys, [finding({ title: text })])).ok, true);
      const { stdin } = JSON.parse(readFileSync(out, 'utf8'));
      assert.doesNotMatch(stdin.slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u202e]/u);
    }
  });

  it('reports its exit code and what it said', async () => {
    const { keys } = program(`console.error('no \\u001b[31mpager'); process.exit(3);`);
    const result = await send(keys);
    assert.equal(result.ok, false);
    assert.equal(result.detail, 'exit code 3: no \\u{1b}[31mpager');
  });

  it('may close its input without reading it', async () => {
    const { keys } = program(`process.stdin.destroy();`);
    assert.equal((await send(keys)).ok, true);
  });

  it('is killed when it takes too long, and when the service stops', async () => {
    const { keys } = program(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`);
    assert.match((await send({ ...keys, timeoutSeconds: 1 })).detail, /killed after 1 seconds/);
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    assert.equal((await send(keys, [finding()], stop.signal)).ok, false);
  });

  it('reports a program that is not there', async () => {
    assert.match((await send({ command: '/nonexistent/program', arguments: [] })).detail, /ENOENT/);
  });

  it('wants an absolute path', () => {
    assert.equal(executable.config.safeParse({ ...executable.example, command: 'page' }).success, false);
  });
});
