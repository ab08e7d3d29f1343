import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { after, before, it } from 'node:test';
import { promisify } from 'node:util';
import { fromBuffer, type Entry, type Options, type ZipFile } from 'yauzl';
import { stringify } from 'yaml';
import { supportBundle } from '../../src/cli/support-bundle.js';
import { openConfig } from '../../src/cli/open-config.js';
import { startService, type Service } from '../../src/service/service.js';
import { log, temporaryFolder } from '../store/sample.js';
import { webhookSecret } from '../support/webhook-sink.js';

const folder = realpathSync(temporaryFolder());
const home = process.cwd();
const secrets = {
  token: 'api-token-of-this-test-0123456789',
  webhook: webhookSecret,
  url: 'http://127.0.0.1:9/hook-path-that-is-a-secret',
  smtp: 'smtp "password" with\nquotes',
  reader: 'reader-password-of-this-test',
  vault: 'hvs.vault-token-of-this-test',
};
const config = {
  scan: { groups: [{ name: 'lab', targets: ['127.0.0.1:9'], schedule: null }] },
  ct: { enabled: false },
  dns: { enabled: false },
  api: { port: 0, tokens: [{ name: 'ops', token: secrets.token, role: 'admin' }] },
  store: { dataDir: 'data', embedded: { readerPassword: secrets.reader } },
  inventory: {
    sources: [{ type: 'vault', url: 'http://127.0.0.1:9', auth: { method: 'token', token: secrets.vault } }],
  },
  alerts: {
    channels: [
      { type: 'webhook', url: secrets.url, secrets: [secrets.webhook], allowPrivate: true },
      {
        type: 'email',
        host: '127.0.0.1',
        port: 9,
        user: 'me',
        password: secrets.smtp,
        from: 'a@b.c',
        to: ['x@y.z'],
      },
    ],
  },
};
const file = join(folder, 'certglass.yaml');
const logFile = join(folder, 'service.log');
let service: Service;

before(async () => {
  writeFileSync(file, stringify(config));
  const said = Object.values(secrets).flatMap((secret) => [
    secret,
    JSON.stringify({ said: secret }),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]);
  writeFileSync(logFile, `${said.join('\n')}\nthe last line\n`);
  service = await startService(openConfig(file, {}), log);
  process.chdir(home);
});
after(async () => {
  process.chdir(home);
  await service?.stop();
});

type Open = (buffer: Buffer, options: Options, done: (error: Error | null, zip: ZipFile) => void) => void;

/** Every file of an archive by its name. */
async function unpack(path: string): Promise<ReadonlyMap<string, string>> {
  const zip = await promisify(fromBuffer as Open)(readFileSync(path), { lazyEntries: true });
  const files = new Map<string, string>();
  zip.on('entry', (entry: Entry) => {
    zip.openReadStream(entry, (_error, stream) => {
      void text(stream).then((content) => {
        files.set(entry.fileName, content);
        zip.readEntry();
      });
    });
  });
  zip.readEntry();
  await once(zip, 'end');
  return files;
}

it('a support bundle of a running service says how it is, and holds none of its secrets', async () => {
  const out = join(folder, 'bundle.zip');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = { stdout: silent, stderr: silent };
  const options = { config: file, out, log: logFile, unit: 'certglass', offline: true };
  assert.equal(await supportBundle(options, output), 0);
  assert.equal(statSync(out).mode & 0o777, 0o600);
  const files = await unpack(out);
  assert.deepEqual([...files.keys()].sort(), [
    ...['about.json', 'channels.json', 'config.json', 'ct-logs.json', 'doctor.json'],
    ...['findings-about-certglass.json', 'health.json', 'log.txt', 'metrics.txt', 'scans.json'],
  ]);
  const json = (name: string): never => JSON.parse(files.get(name) ?? '') as never;
  assert.equal((json('health.json') as { status: string }).status, 'ok');
  assert.ok((json('about.json') as { schema: number }).schema > 0);
  assert.ok((json('doctor.json') as { check: string }[]).some(({ check }) => check === 'service'));
  const settings = json('config.json') as { key: string; value: unknown }[];
  assert.equal(settings.find(({ key }) => key === 'scan.groups')?.value instanceof Array, true);
  assert.match(files.get('metrics.txt') ?? '', /certglass_build_info/);
  assert.match(files.get('log.txt') ?? '', /the last line\n$/);
  for (const [name, content] of files)
    for (const [what, secret] of Object.entries(secrets))
      for (const form of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64'),
      ])
        assert.ok(!content.includes(form), `${name} holds the secret ${what}`);
  await assert.rejects(supportBundle(options, output), /exists already; name another file with --out/);
});
