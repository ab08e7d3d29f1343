import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, realpathSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import type { Check } from '../../src/cli/doctor/check.js';
import { doctor, examine, type DoctorOptions } from '../../src/cli/doctor/doctor.js';
import { configSchema } from '../../src/config/config.js';
import { temporaryFolder } from '../store/sample.js';
import { logListJson, startCtLog, type CtLog } from '../support/ct-log.js';
import { dnsServer } from '../support/dns-server.js';
import { startHttpService, type HttpService } from '../support/http-service.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';
import { closedPort } from '../support/tls-servers.js';
import { webhookSecret } from '../support/webhook-sink.js';

const folder = realpathSync(temporaryFolder());
const home = process.cwd();
after(() => process.chdir(home));

interface Served {
  readonly mailPort: number;
  readonly url: string;
  readonly dns: string;
  readonly host: string;
}

const configOf = ({ mailPort, url, dns, host }: Served, more = ''): string =>
  `scan: { groups: [{ targets: [${host}] }], dns: { servers: ["${dns}"], timeoutMs: 100 } }
policy: { ownedDomains: [example.com] }
ct: { logLists: [{ source: "${url}/list.json" }] }
store: { dataDir: data, minFreeMiB: 1, embedded: { memoryMiB: 256 } }
alerts:
  channels:
    - { type: email, host: 127.0.0.1, port: ${mailPort}, security: none, from: a@b.c, to: [x@y.z] }
    - { type: webhook, url: "${url}/hook", allowPrivate: true, secrets: [${webhookSecret}] }
${more}`;

async function run(text: string, options: DoctorOptions = {}) {
  const file = join(folder, 'c.yaml');
  writeFileSync(file, text);
  chmodSync(file, 0o600);
  let printed = '';
  const stdout = new Writable({
    write: (chunk, _encoding, done) => (void (printed += String(chunk)), done()),
  });
  const code = await doctor({ config: file, json: true, ...options }, { stdout, stderr: process.stderr });
  process.chdir(home);
  const checks =
    options.json === false
      ? []
      : printed
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Check);
  return { code, printed, checks };
}

const failed = (checks: readonly Check[]): readonly string[] =>
  checks.filter(({ result }) => result === 'failed').map(({ check }) => check);

describe('certglass doctor', () => {
  let mail: SmtpSink;
  let web: HttpService;
  let log: CtLog;
  let dns: Awaited<ReturnType<typeof dnsServer>>;
  let date: string | null = null;
  let served: Served;
  before(async () => {
    mail = await startSmtpSink();
    log = await startCtLog({ description: 'a log', protocol: 'rfc6962' });
    const list: unknown = JSON.parse(logListJson([log]));
    web = await startHttpService(() => ({ json: list, headers: date === null ? {} : { date } }));
    dns = await dnsServer({ 'here.example': { a: ['127.0.0.1'] } });
    served = { mailPort: mail.port, url: web.url, dns: dns.address, host: 'here.example' };
  });
  after(async () => {
    for (const one of [mail, web, log, dns]) await one.close();
  });

  it('finds nothing wrong where everything answers, and sends nothing', async () => {
    const { code, checks, printed } = await run(configOf(served));
    assert.deepEqual([code, failed(checks)], [0, []], printed);
    assert.deepEqual([...new Set(checks.map(({ check }) => check))].sort(), [
      ...['CT', 'DNS', 'alerts', 'clock', 'configuration', 'database', 'disk', 'file descriptors'],
      ...['memory', 'network', 'permissions', 'service'],
    ]);
    assert.match(
      checks.find(({ check }) => check === 'database')?.detail ?? '',
      /ClickHouse \d+.* works; the first start makes/,
    );
    assert.equal(mail.mails.length, 0);
    assert.ok(web.requests.every(({ url }) => url.pathname === '/list.json'));
  });

  it('says what to do about each fault, and exits 1', async () => {
    const closed = Number((await closedPort()).target.split(':').at(-1));
    const url = `http://127.0.0.1:${closed}`;
    const text = configOf({ ...served, mailPort: closed, url, host: 'gone.example' })
      .replace('minFreeMiB: 1', 'minFreeMiB: 1048576')
      .replace('memoryMiB: 256', 'memoryMiB: 1048576');
    const { code, checks, printed } = await run(text);
    assert.equal(code, 1);
    const expected = ['disk', 'memory', 'DNS', 'alerts', 'alerts', 'CT'];
    assert.deepEqual(failed(checks).toSorted(), expected.toSorted(), printed);
    for (const { result, advice } of checks)
      assert.equal(advice !== null, result === 'failed' || result === 'warning');
  });

  it('contacts nothing with --offline', async () => {
    const before = [web.requests.length, dns.questions()];
    const { code, checks } = await run(configOf(served), { offline: true });
    assert.equal(code, 0);
    assert.ok(!checks.some(({ check }) => ['DNS', 'CT', 'alerts'].includes(check)));
    assert.deepEqual([web.requests.length, dns.questions()], before);
  });

  it('sees a clock that is off by the clock of a log list', async () => {
    for (const [seconds, result] of [
      [20, 'warning'],
      [4_000, 'failed'],
    ] as const) {
      date = new Date(Date.now() - seconds * 1_000).toUTCString();
      const { checks } = await run(configOf(served));
      const [, skew] = checks.filter(({ check }) => check === 'clock');
      assert.match(
        `${skew?.result} ${skew?.detail}`,
        new RegExp(`^${result} \\d+ s ahead of 127\\.0\\.0\\.1`),
      );
    }
    date = null;
  });

  it('prints lines with what to do below', async () => {
    const text = configOf(served).replace('minFreeMiB: 1', 'minFreeMiB: 1048576');
    const { printed } = await run(text, { json: false, offline: true });
    assert.match(printed, /^failed {3}disk {14}\d+ MiB free .*\n {27}what to do: free space/m);
  });
});

describe('certglass doctor sees', () => {
  const config = configSchema.parse({
    store: { dataDir: join(folder, 'own'), mode: 'server', url: 'http://127.0.0.1:9' },
    ct: { enabled: false },
  });
  const resultOf = async (check: string, now = new Date(), file: string | null = null): Promise<Check> =>
    (await examine(config, file, false, now)).find((one) => one.check === check)!;
  before(() => mkdirSync(join(folder, 'own')));

  it('a clock before the program was made, and files from the future', async () => {
    assert.match((await resultOf('clock', new Date('2020-01-01'))).detail, /before this program was made/);
    const file = join(folder, 'own', 'evidence-key.pem');
    writeFileSync(file, 'a key', { mode: 0o600 });
    utimesSync(file, new Date(), new Date(Date.now() + 3_600_000));
    const { result, detail } = await resultOf('clock');
    assert.equal(result, 'warning');
    assert.match(detail, /evidence-key\.pem was written in the future/);
  });

  it('secrets that other users can read', async () => {
    assert.equal((await resultOf('permissions')).result, 'ok');
    chmodSync(join(folder, 'own', 'evidence-key.pem'), 0o640);
    const { result, advice } = await resultOf('permissions');
    assert.equal(result, 'failed');
    assert.match(advice ?? '', /^chmod go-rwx .*evidence-key\.pem$/);
    chmodSync(join(folder, 'own', 'evidence-key.pem'), 0o600);
    const file = join(folder, 'secret.yaml');
    for (const [value, expected] of [
      ['open-secret-of-the-reader', 'failed'],
      ['${CERTGLASS_READER}', 'ok'],
      ['file:/run/secrets/reader', 'ok'],
    ] as const) {
      const text = `store: { embedded: { readerPassword: "${value}" } }\n`;
      assert.equal(parse(text).store.embedded.readerPassword, value);
      writeFileSync(file, text);
      chmodSync(file, 0o644);
      assert.equal((await resultOf('permissions', new Date(), file)).result, expected, value);
    }
    chmodSync(file, 0o640);
    assert.equal((await resultOf('permissions', new Date(), file)).result, 'ok');
  });
});
