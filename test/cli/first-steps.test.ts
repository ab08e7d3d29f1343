import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, it } from 'node:test';
import { root } from '../architecture/modules.js';
import { temporaryFolder } from '../store/sample.js';
import { issueFor } from '../support/pki.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';
import { tlsServer, type TestServer } from '../support/tls-servers.js';

const folder = temporaryFolder();
const main = join(root, 'dist', 'src', 'main.js');
const { CERTGLASS_URL: _url, CERTGLASS_TOKEN: _token, ...env } = process.env;
let mail: SmtpSink;
let server: TestServer;
let service: ChildProcess | null = null;
before(async () => {
  mail = await startSmtpSink();
  server = await tlsServer({ certificate: issueFor('shop.example') });
});
after(async () => {
  if (service?.exitCode === null) {
    service.kill();
    await once(service, 'exit');
  }
  await Promise.all([mail.close(), server.close()]);
});

async function certglass(...words: readonly string[]) {
  const child = spawn(process.execPath, [main, ...words], { cwd: folder, env });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, status: child.exitCode };
}

it('leads a newcomer to the first mail and the first list in three commands and less than a minute', async () => {
  const startedAt = performance.now();
  const { out, err, status } = await certglass(
    ...['init', '--non-interactive', '--target', server.target],
    ...['--mail-to', 'ops@example.com', '--smtp', `127.0.0.1:${mail.port}`],
  );
  assert.equal(status, 0, err);
  assert.match(out, /^certglass\.yaml is written and valid\.\n\nTest alert:\nemail: accepted/);
  const [message] = await mail.received(1);
  assert.match(message?.parsed.subject ?? '', /test/i);

  service = spawn(process.execPath, [main, 'start', '--config', 'certglass.yaml'], {
    cwd: folder,
    env: { ...env, CERTGLASS__API__PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  assert.ok(service.stdout);
  const [url] = (await once(createInterface({ input: service.stdout }), 'line')) as [string];
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);

  let list = '';
  // The first scan has to end; a person would ask again as well.
  for (let tries = 0; tries < 40 && !list.includes(server.target); tries += 1) {
    if (tries > 0) await delay(250);
    list = (await certglass('expiring')).out;
  }
  assert.match(list, /EXPIRES +WHEN +ENDPOINT/);
  assert.match(list, /1 endpoint\.\n$/);
  assert.ok(performance.now() - startedAt < 60_000);
});

it('is what the documents say', () => {
  const said = readFileSync(join(root, 'docs', 'first-steps.md'), 'utf8');
  const [, block = ''] = /```\n(npm ci\n[^`]*)```/.exec(said) ?? [];
  assert.deepEqual(
    block
      .trim()
      .split('\n')
      .map((line) => line.replace(/^(npm ci|npm start|node dist\/src\/main\.js \w+).*$/, '$1')),
    ['npm ci', 'node dist/src/main.js init', 'npm start', 'node dist/src/main.js expiring'],
  );
});
