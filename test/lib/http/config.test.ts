import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { z } from 'zod';
import { outboundRules, outboundShape } from '../../../src/lib/http/config.js';
import { issue } from '../../support/pki.js';

const folder = mkdtempSync(join(tmpdir(), 'outbound-'));
after(() => rmSync(folder, { recursive: true }));
const schema = z.strictObject(outboundShape({ allowPrivate: false }));
const identity = issue();
const keyFile = join(folder, 'key.pem');
writeFileSync(keyFile, identity.keyPem);

describe('outbound configuration', () => {
  it('is closed by default', () => {
    assert.deepEqual(outboundRules(schema.parse({})), {
      allowPrivate: false,
      allow: [],
      ca: null,
      clientCertificate: null,
      proxy: null,
      ports: null,
    });
  });
  it('reads certificates and keys from files', () => {
    const { clientCertificate } = schema.parse({
      clientCertificate: { certificate: identity.pem, key: keyFile },
    });
    assert.equal(clientCertificate?.key, identity.keyPem);
  });
  for (const [wrong, message] of [
    [{ allow: ['10.0.0.0/40'] }, /for example 10\.1\.2\.0\/24/],
    [{ proxy: 'proxy:3128' }, /URL/],
    [{ proxy: 'socks5://127.0.0.1' }, /URL/],
    [{ ca: 'no-such-file.pem' }, /PEM/],
    [
      { clientCertificate: { certificate: identity.pem, key: join(folder, 'gone.pem') } },
      /cannot be read \(ENOENT\)/,
    ],
  ] as const)
    it(`refuses ${JSON.stringify(wrong).slice(0, 60)}`, () => {
      assert.throws(() => schema.parse(wrong), message);
    });
});
