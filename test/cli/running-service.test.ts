import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { root } from '../architecture/modules.js';
import { startServiceProcess, type ServiceProcess } from '../e2e/service-process.js';
import { temporaryFolder } from '../store/sample.js';

const main = join(root, 'dist', 'src', 'main.js');

describe('commands beside a service on an embedded store', () => {
  const folder = temporaryFolder();
  const config = join(folder, 'certglass.yaml');
  let service: ServiceProcess;
  before(async () => {
    writeFileSync(
      config,
      `policy:
  ownedDomains: [example.test]
  approvedIssuers: [{ name: CN=Own CA }]
  owners: [{ names: [shop.example.test], owner: shop, environment: production, tags: [pci] }]
  exceptions:
    - { names: [shop.example.test], rules: [weak-key], approver: ada, reason: old terminal, expires: 2099-12-31 }
  rules: { expiring: { overrides: [{ environments: [production], severity: critical }] } }
dns: { enabled: false }
ct: { enabled: false }
api: { port: 0 }
store: { dataDir: data }
`,
    );
    service = await startServiceProcess(['--config', config]);
  });
  after(() => service?.end('SIGTERM'));

  async function run(...parameters: readonly string[]): Promise<{ code: number | null; out: string }> {
    const child = spawn(process.execPath, [main, ...parameters], { cwd: folder });
    const [out, problems] = [text(child.stdout), text(child.stderr)];
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out: (await out) + (await problems) };
  }

  it('explains what the policy says of a name, and why', async () => {
    const { code, out } = await run('policy', 'explain', 'www.shop.example.test', '--data', 'data');
    assert.equal(code, 0, out);
    for (const line of [
      /^domain +example\.test$/m,
      /^owner +shop \(line 1\)$/m,
      /^tags +pci$/m,
      /^issuers +CN=Own CA$/m,
      /^rule +expiring is critical$/m,
      /^exception +weak-key until 2099-12-31: old terminal \(ada\)$/m,
      /line 1 applies: its name www\.shop\.example\.test is in shop\.example\.test$/m,
    ])
      assert.match(out, line);
    assert.match(
      (await run('policy', 'explain', 'other.test', '--data', 'data')).out,
      /under no owned domain/,
    );
  });

  it('backs the store up while the service runs, and refuses a name that is taken', async () => {
    const first = await run('store', 'backup', 'monday', '--config', config);
    assert.equal(first.code, 0, first.out);
    assert.ok(existsSync(first.out.trim()), first.out);
    const later = await run('store', 'backup', 'tuesday', '--base', 'monday', '--config', config);
    assert.equal(later.code, 0, later.out);
    const again = await run('store', 'backup', 'monday', '--config', config);
    assert.equal(again.code, 2);
    assert.match(again.out, /there is a backup monday already: choose another name/);
    const without = await run('store', 'backup', 'friday', '--base', 'gone', '--config', config);
    assert.match(without.out, /there is no backup gone in /);
  });
});
