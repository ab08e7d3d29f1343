import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { configSchema } from '../../src/config/config.js';
import { startService, type Service } from '../../src/service/service.js';
import { root } from '../architecture/modules.js';
import { eventually } from '../e2e/service-process.js';
import { log, temporaryFolder } from '../store/sample.js';
import { daysFromNow, issueFor } from '../support/pki.js';
import { tlsServer, type TestServer } from '../support/tls-servers.js';

const folder = temporaryFolder();

/** Commands of docs/api.md with what their output has to contain, line by line; the first sets the two variables. */
function examples(): readonly { readonly script: string; readonly expected: readonly string[] }[] {
  const text = readFileSync(join(root, 'docs', 'api.md'), 'utf8');
  const blocks = [...text.matchAll(/```(sh|output)\n([\s\S]*?)```/g)].map(([, kind, body]) => ({
    kind,
    body,
  }));
  return blocks.flatMap(({ kind, body }, index) => {
    const next = blocks[index + 1];
    const expected = next?.kind === 'output' ? String(next.body).trim().split('\n') : [];
    return kind === 'sh' ? [{ script: String(body), expected }] : [];
  });
}

describe('the examples of docs/api.md', () => {
  let server: TestServer;
  let service: Service;
  let token = '';
  before(async () => {
    const times = { notBefore: daysFromNow(-90), notAfter: daysFromNow(-1) };
    server = await tlsServer({ certificate: issueFor('www.example.com', times) });
    const off = { enabled: false };
    const config = {
      store: { dataDir: join(folder, 'data') },
      scan: { groups: [{ name: 'web', targets: [server.target], schedule: null }], scope: ['127.0.0.0/8'] },
      ...{ ct: off, dns: off, revocation: off, acme: off, api: { port: 0 } },
    };
    writeFileSync(join(folder, 'certglass.yaml'), stringify(config));
    const command = `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist', 'src', 'main.js')}" "$@"\n`;
    writeFileSync(join(folder, 'certglass'), command);
    chmodSync(join(folder, 'certglass'), 0o755);
    service = await startService(configSchema.parse(config), log);
  });
  after(async () => {
    await service?.stop();
    await server?.close();
  });

  async function run(script: string): Promise<string> {
    const environment = {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
      CERTGLASS_URL: service.url,
      CERTGLASS_TOKEN: token,
    };
    const options = { cwd: folder, env: environment, timeout: 30_000 };
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], options);
    return stdout;
  }

  it('run as they are written, and answer what stands below them', async () => {
    const [setUp, ...others] = examples();
    assert.ok(setUp !== undefined && others.length >= 9, String(others.length));
    token = (await run(`${setUp.script}\nprintf %s "$CERTGLASS_TOKEN"`)).trim();
    assert.match(token, /^cgl_/);
    const headers = { authorization: `Bearer ${token}` };
    await eventually(
      async () => (await fetch(`${service.url}/api/v1/findings?rule=expired`, { headers })).text(),
      (text) => text.includes('"expired"'),
    );
    for (const { script, expected } of others) {
      const printed = await run(script);
      assert.ok(expected.length > 0, `${script}: what does it answer?`);
      for (const line of expected) assert.ok(printed.includes(line), `${script}\n${line}\n---\n${printed}`);
    }
  });
});
