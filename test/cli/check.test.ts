import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { reasonOf } from '../../src/cli/check/fault.js';
import { tryOnline } from '../../src/cli/check/online.js';
import { idleSentence } from '../../src/cli/check/scans.js';
import { checkConfig } from '../../src/cli/config.js';
import { openConfig } from '../../src/cli/open-config.js';
import { loadConfig } from '../../src/config/config.js';
import { SettingsError } from '../../src/lib/settings-file.js';
import { temporaryFolder } from '../store/sample.js';
import { closedPort } from '../support/tls-servers.js';
import { dnsServer } from '../support/dns-server.js';
import { startHttpService, type HttpService } from '../support/http-service.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';

const folder = realpathSync(temporaryFolder());
const home = process.cwd();
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
after(() => process.chdir(home));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function faults(text: string): Promise<readonly string[]> {
  const file = write('c.yaml', text);
  try {
    await checkConfig(file);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults.map((fault) => fault.replace(`${file}:`, ''));
  }
}

const group = (targets: string): string =>
  `scan: { scope: [127.0.0.0/8], groups: [{ targets: [${targets}] }] }\n`;

describe('config check finds', () => {
  let taken = 0;
  const listener = createServer();
  before(async () => {
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    taken = (listener.address() as AddressInfo).port;
    write('bad.txt', '127.0.0.1\nbad host\n');
    write('empty.txt', '# nothing\n');
    write('plain', 'a file');
  });
  after(() => listener.close());

  for (const [name, text, expected] of [
    [
      'a file of targets that is missing',
      group('"@none.txt"'),
      /^1: scan\.groups\.0\.targets\.0: none\.txt: there is no such file/,
    ],
    ['a bad line in one', group('"@bad.txt"'), /bad\.txt line 2: "bad host" is not a host name/],
    ['one without a target', group('"@empty.txt"'), /@empty\.txt holds no target; write one a line/],
    [
      'a target outside the scope',
      group('192.0.2.1'),
      /^1: scan\.groups\.0\.targets\.0: 192\.0\.2\.1 is outside scan\.scope/,
    ],
    ['a range that needs confirmation', group('127.0.0.0/8'), /16,777,216 addresses.*--yes-scan 16777216/],
    [
      'a group without targets',
      'scan:\n  groups:\n    - { name: web }\n',
      /^3: scan\.groups\.0\.targets: the group web has no targets/,
    ],
    [
      'an inventory that is not there',
      `${group('127.0.0.1')}inventory: { sources: [{ type: files, paths: [/none] }] }\n`,
      /^2: inventory\.sources\.0\.paths\.0: \/none does not exist/,
    ],
    [
      'a data folder that is a file',
      `${group('127.0.0.1')}store: { dataDir: plain }\n`,
      /store\.dataDir: .*plain is a file; name a folder/,
    ],
    [
      'a schedule that never fires',
      'scan: { groups: [{ targets: [127.0.0.1], schedule: "0 0 31 2 *" }] }\n',
      /never fires: there is no such day/,
    ],
    [
      'a private receiver without permission',
      `${group('127.0.0.1')}alerts: { channels: [{ type: webhook, url: "http://127.0.0.1:9/", secrets: [${secret}] }] }\n`,
      /alerts\.channels\.0\.url: 127\.0\.0\.1 is no public address.*allowPrivate: true/,
    ],
    [
      'a token that expired',
      `${group('127.0.0.1')}api: { tokens: [{ name: old, token: aaaaaaaaaaaaaaaaaaaaaaaaaaaa, expiresAt: 2020-01-01T00:00:00Z }] }\n`,
      /the token old expired on 2020-01-01/,
    ],
    [
      'a rule that does not exist',
      `${group('127.0.0.1')}alerts: { channels: [{ type: email, from: a@b.c, to: [x@y.z], rules: [expird] }] }\n`,
      /there is no rule expird/,
    ],
    [
      'a list whose file is missing',
      'policy: { ownedDomains: ["@gone.txt"] }\n',
      /^1: policy\.ownedDomains\.0: @gone\.txt cannot be read/,
    ],
  ] as const)
    it(name, async () => {
      const found = await faults(text);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', expected);
    });

  it('a port on which another program listens', async () => {
    const [fault] = await faults(`${group('127.0.0.1')}api: { port: ${taken} }\n`);
    assert.match(fault ?? '', new RegExp(`^2: api\\.port: ${taken}: another program listens on it`));
  });

  it('everything at once', async () => {
    const found = await faults(`${group('"@none.txt", 192.0.2.1')}store: { dataDir: plain }\n`);
    assert.equal(found.length, 3);
  });

  it('nothing to watch, which is no fault', () => {
    assert.match(idleSentence(loadConfig(null, {})) ?? '', /^there is nothing to watch yet: give targets/);
    assert.equal(
      idleSentence(loadConfig(write('d.yaml', 'ct: { watch: { names: [a.example] } }\n'), {})),
      null,
    );
  });

  it('nothing in a good one', async () => assert.deepEqual(await faults(group('127.0.0.1')), []));
});

describe('paths in a configuration', () => {
  it('are relative to its folder, the data folder included', () => {
    mkdirSync(join(folder, 'etc'));
    write('etc/domains.txt', 'example.org # ours\n\nexample.net\n');
    write('etc/cas.txt', "O=Let's Encrypt\n");
    const file = write(
      'etc/c.yaml',
      'policy: { ownedDomains: ["@domains.txt", example.com], approvedIssuers: ["@cas.txt"] }\n',
    );
    process.chdir(folder);
    const { policy, store } = openConfig('etc/c.yaml', {});
    assert.deepEqual(policy.ownedDomains, ['example.org', 'example.net', 'example.com']);
    assert.deepEqual(
      policy.approvedIssuers.map(({ name }) => name),
      ["O=Let's Encrypt"],
    );
    assert.deepEqual([process.cwd(), store.dataDir], [join(folder, 'etc'), 'certglass-data']);
    assert.equal(
      openConfig(file, { STATE_DIRECTORY: '/var/lib/certglass' }).store.dataDir,
      '/var/lib/certglass/certglass-data',
    );
  });

  it('a data folder that an earlier version made where the command was started is gone on with', () => {
    mkdirSync(join(folder, 'certglass-data'));
    process.chdir(folder);
    assert.equal(openConfig('etc/c.yaml', {}).store.dataDir, join(folder, 'certglass-data'));
  });

  it('faults name the file as it was given', () => {
    process.chdir(folder);
    write('etc/wrong.yaml', 'nonsense: 1\n');
    assert.throws(() => openConfig('etc/wrong.yaml', {}), /^SettingsError: etc\/wrong\.yaml:1: nonsense/);
  });
});

describe('config check --online', () => {
  let mail: SmtpSink;
  let web: HttpService;
  let dns: Awaited<ReturnType<typeof dnsServer>>;
  before(async () => {
    mail = await startSmtpSink();
    web = await startHttpService(() => ({ json: { version: '1', operators: [] } }));
    dns = await dnsServer({ 'here.example': { a: ['127.0.0.1'] }, 'gone.example': { drop: true } });
  });
  after(() => Promise.all([mail.close(), web.close(), dns.close()]));

  const attempts = async (port: number, url: string, name: string): Promise<readonly string[]> => {
    const file = write(
      'online.yaml',
      `scan: { groups: [{ targets: [${name}] }], dns: { servers: ["${dns.address}"], timeoutMs: 100 } }
policy: { ownedDomains: [example.com] }
ct: { logLists: [{ source: "${url}/list.json" }] }
store: { mode: server, url: "${url}" }
alerts:
  channels:
    - { type: email, host: 127.0.0.1, port: ${port}, security: none, from: a@b.c, to: [x@y.z] }
    - { type: webhook, url: "${url}/hook", allowPrivate: true, secrets: [${secret}] }
`,
    );
    const tried = await tryOnline(loadConfig(file, {}));
    return tried.map(
      ({ what, failure }) =>
        `${failure === null ? 'ok' : 'failed'} ${what}${failure === null ? '' : `: ${failure}`}`,
    );
  };

  it('reaches names, mail server, receivers, log lists and database, and sends nothing', async () => {
    const said = await attempts(mail.port, web.url, 'here.example');
    assert.deepEqual(said.slice(0, 3), [
      'ok name here.example',
      `ok email: mail server 127.0.0.1:${mail.port}`,
      `ok webhook: 127.0.0.1:${web.port}`,
    ]);
    assert.equal(mail.mails.length, 0);
    assert.ok(web.requests.every(({ url }) => url.pathname !== '/hook'));
  });

  it('says what does not answer', async () => {
    const closed = Number((await closedPort()).target.split(':').at(-1));
    const said = await attempts(closed, `http://127.0.0.1:${closed}`, 'gone.example');
    assert.equal(said.filter((line) => line.startsWith('failed')).length, 5, said.join('\n'));
    assert.match(said[0] ?? '', /name gone\.example: the DNS server does not answer/);
    assert.match(said[1] ?? '', /mail server .*ECONNREFUSED/);
  });

  it('an error of several addresses has words', () =>
    assert.equal(reasonOf(new AggregateError([new Error('refused')])), 'refused'));
});
