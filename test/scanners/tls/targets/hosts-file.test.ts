import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { tlsConfig } from '../../../../scanners/tls/config.js';
import { createLocalNames, parseHosts } from '../../../../scanners/tls/targets/hosts-file.js';
import { createResolver, type Resolution } from '../../../../scanners/tls/targets/resolve.js';
import { collect } from '../../../support/collect.js';
import { dnsServer } from '../../../support/dns-server.js';

const folder = mkdtempSync(join(tmpdir(), 'certglass-hosts-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'hosts');
writeFileSync(
  path,
  `# comment
127.0.0.1 here.example Alias.Example. # and more
127.0.0.2\there.example
::1 here.example
fe80::1%lo0 linked.example
::ffff:127.0.0.9 mapped.example
not-an-address broken.example
127.0.0.3
`,
);

describe('A hosts file', () => {
  const names = createLocalNames(path);
  const cases: readonly (readonly [name: string, addresses: readonly string[] | null])[] = [
    ['here.example', ['127.0.0.1', '127.0.0.2', '::1']],
    ['alias.example', ['127.0.0.1']],
    ['linked.example', ['fe80::1%lo0']],
    ['mapped.example', ['127.0.0.9']],
    ['broken.example', null],
    ['example', null],
    ['notlocalhost', null],
  ];
  for (const [name, addresses] of cases)
    it(`${addresses === null ? 'does not know' : 'knows'} ${name}`, () =>
      assert.deepEqual(names(name), addresses));

  it('need not be there, and localhost is loopback all the same', () => {
    const none = createLocalNames(join(folder, 'absent'));
    assert.equal(none('localhost')?.[0], '127.0.0.1');
    assert.equal(none('a.b.localhost')?.[0], '127.0.0.1');
    assert.equal(none('localhost.example'), null);
  });

  it('may hold any bytes', () => {
    assert.equal(parseHosts('\0\u00ff 127.0.0.1\n127.0.0.1\0 x\n%%%%\n::1%% y').size, 1);
  });
});

describe('A resolver', () => {
  const asked = async (name: string, changes: object, deadlineMs = 5000): Promise<Resolution[]> => {
    const { dns } = tlsConfig.parse({ dns: { timeoutMs: 300, ...changes } });
    const resolver = createResolver(dns, createLocalNames(path));
    const parts = await collect(resolver.addresses(name, performance.now() + deadlineMs));
    resolver.close();
    return parts;
  };

  it('asks the hosts file first, of the families it may use', async () => {
    const dns = await dnsServer({ 'here.example': { a: ['127.0.0.77'] } });
    const servers = [dns.address];
    const all = [{ addresses: ['127.0.0.1', '127.0.0.2', '::1'], error: null }];
    assert.deepEqual(await asked('here.example', { servers }), all);
    const six = [{ addresses: ['::1'], error: null }];
    assert.deepEqual(await asked('here.example', { servers, families: [6] }), six);
    const [none] = await asked('alias.example', { servers, families: [6] });
    assert.match(none?.error ?? '', /another family/);
    assert.equal(dns.questions(), 0);
    await dns.close();
  });

  it('gives the parts as they come, and a word on the one that does not', async () => {
    const dns = await dnsServer({ 'half.example': { aaaa: ['::1'], drop: 'a' } });
    const parts = await asked('half.example', { servers: [dns.address] });
    await dns.close();
    assert.deepEqual(parts[0], { addresses: ['::1'], error: null });
    assert.ok(parts.some(({ error }) => error === 'ETIMEOUT'));
  });

  it('stops at the deadline', async () => {
    const dns = await dnsServer({ 'slow.example': { drop: true } });
    const startedAt = performance.now();
    const parts = await asked('slow.example', { servers: [dns.address], timeoutMs: 20_000 }, 200);
    await dns.close();
    assert.deepEqual(parts, [{ addresses: [], error: 'no answer before the deadline' }]);
    assert.ok(performance.now() - startedAt < 3000);
  });
});
