import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createDnsClient } from '../../../scanners/dns/client.js';
import { createLookup, type Lookup } from '../../../scanners/dns/lookup.js';
import { temporaryFolder } from '../../store/sample.js';
import { freePort } from '../../support/free-port.js';

const tools = ['/usr/sbin/named', '/usr/sbin/unbound', '/usr/bin/dnssec-signzone', '/usr/bin/dnssec-keygen'];

/** BIND serves a signed and an unsigned zone; unbound resolves, and validates what it has a key for. */
describe('CAA through BIND and unbound', { skip: !tools.every((path) => existsSync(path)) }, () => {
  const folder = temporaryFolder();
  const running: ChildProcess[] = [];
  const { signal } = new AbortController();
  let lookup: Lookup;
  const zone = (name: string): string =>
    `$TTL 60\n@ SOA ns.${name}. root.${name}. 1 60 60 600 60\n@ NS ns.${name}.\nns A 127.0.0.1\n` +
    '@ CAA 0 issue "ca.example; validationmethods=dns-01"\nwww A 127.0.0.1\nodd CAA 128 strange "x"\n';

  before(async () => {
    const [authority, resolver] = [await freePort(), await freePort()];
    for (const name of ['signed.test', 'unsigned.test']) writeFileSync(join(folder, name), zone(name));
    execFileSync('dnssec-keygen', ['-a', 'ECDSAP256SHA256', '-f', 'KSK', 'signed.test'], {
      cwd: folder,
      stdio: 'pipe',
    });
    execFileSync('dnssec-signzone', ['-S', '-z', '-o', 'signed.test', 'signed.test'], {
      cwd: folder,
      stdio: 'pipe',
    });
    const key = readdirSync(folder).find((one) => one.endsWith('.key')) ?? '';
    const anchor = readFileSync(join(folder, key), 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith(';'))
      .join('\n');
    writeFileSync(join(folder, 'anchor'), anchor);
    writeFileSync(
      join(folder, 'named.conf'),
      `options { directory "${folder}"; listen-on port ${authority} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; };\n` +
        'controls { };\n' +
        `zone "signed.test" { type primary; file "${folder}/signed.test.signed"; };\n` +
        `zone "unsigned.test" { type primary; file "${folder}/unsigned.test"; };\n`,
    );
    writeFileSync(
      join(folder, 'unbound.conf'),
      `server:\n  interface: 127.0.0.1@${resolver}\n  do-daemonize: no\n  chroot: ""\n  username: ""\n  directory: "${folder}"\n  pidfile: ""\n` +
        `  use-syslog: no\n  do-not-query-localhost: no\n  local-zone: "test." nodefault\n  trust-anchor-file: "${folder}/anchor"\n  domain-insecure: "unsigned.test"\n` +
        'remote-control:\n  control-enable: no\n' +
        ['signed.test', 'unsigned.test']
          .map((one) => `stub-zone:\n  name: "${one}"\n  stub-addr: 127.0.0.1@${authority}\n`)
          .join(''),
    );
    running.push(spawn('/usr/sbin/named', ['-g', '-c', join(folder, 'named.conf')], { stdio: 'ignore' }));
    running.push(spawn('/usr/sbin/unbound', ['-d', '-c', join(folder, 'unbound.conf')], { stdio: 'ignore' }));
    const client = createDnsClient({ servers: [`127.0.0.1:${resolver}`], timeoutMs: 2000 });
    lookup = createLookup(client, true);
    const end = Date.now() + 20_000;
    while ((await createLookup(client, true).caa('signed.test', new Date(), signal)).outcome !== 'found') {
      assert.ok(Date.now() < end, 'the name servers do not answer');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  after(() => running.forEach((one) => one.kill('SIGKILL')));

  for (const [domain, foundAt, authenticated] of [
    ['signed.test', 'signed.test', true],
    ['www.signed.test', 'signed.test', true],
    ['unsigned.test', 'unsigned.test', false],
    ['www.unsigned.test', 'unsigned.test', false],
  ] as const)
    it(`${domain}: found at ${foundAt}, ${authenticated ? 'proved' : 'not proved'} by DNSSEC`, async () => {
      const answer = await lookup.caa(domain, new Date(), signal);
      assert.deepEqual(
        [answer.outcome, answer.foundAt, answer.authenticated],
        ['found', foundAt, authenticated],
      );
      assert.deepEqual(answer.records, [
        { critical: false, tag: 'issue', value: 'ca.example; validationmethods=dns-01' },
      ]);
    });

  it('reads an unknown critical property', async () => {
    const { records } = await lookup.caa('odd.signed.test', new Date(), signal);
    assert.deepEqual(records, [{ critical: true, tag: 'strange', value: 'x' }]);
  });
});
