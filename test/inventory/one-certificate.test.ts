import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { createConnectors, inventoryConfig } from '../../src/inventory/config.js';
import type { InventoryItem } from '../../src/model/inventory-item.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { collect } from '../support/collect.js';
import { issue, issueCa } from '../support/pki.js';

const folder = mkdtempSync(join(tmpdir(), 'certglass-one-'));
after(() => rmSync(folder, { recursive: true }));
const ca = issueCa('Example, Inc. Root');
/** A negative serial number: its octets begin with a set bit. */
const serialNumber = -0x7fedcba9n;
const certificate = issue({
  issuer: ca,
  subject: 'www.example.com',
  dnsNames: ['www.example.com'],
  serialNumber,
});
const known = readCertificate(certificate.der);
const sha1 = createHash('sha1').update(certificate.der).digest('hex');
const octets = known.serialNumber;

/** The same certificate as different systems name it. */
const spellings: Readonly<Record<string, string>> = {
  'pem.csv': `pem\n"${certificate.pem}"\n`,
  'sha256.csv': `SHA-256 Fingerprint\n${certificate.sha256.toUpperCase().match(/../g)!.join(':')}\n`,
  'thumbprint.csv': `Thumbprint\n\u200e${sha1.match(/../g)!.join(' ')}\n`,
  'x5t.json': JSON.stringify({ x5t: Buffer.from(sha1, 'hex').toString('base64url') }),
  'colons.csv': `issuer,serial\n"CN=""Example, Inc. Root""",${octets.toUpperCase().match(/../g)!.join(':')}\n`,
  'upper.csv': `issuer,serial\n"CN=Example\\, Inc. Root",${octets.toUpperCase()}\n`,
  'prefixed.csv': `issuer,serial\n"/CN=Example, Inc. Root",0x${octets}\n`,
  'negative.csv': `issuer,serial\n"Example\\, Inc. Root",-7F:ED:CB:A9\n`,
  'decimal.csv': `issuer,serial\n"CN = Example\\2C Inc. Root",${BigInt(`0x${octets}`)}\n`,
  'negative-decimal.csv': `issuer,serial\n"CN=Example\\, Inc. Root",${serialNumber}\n`,
  'secret.yaml': `data:\n  tls.crt: ${Buffer.from(certificate.pem).toString('base64')}\n`,
  'certificate.der': certificate.der.toString('latin1'),
};

it('is one certificate, however a system spells it', async () => {
  writeFileSync(join(folder, 'ca.pem'), ca.pem);
  const identities = new Set([known.sha256, known.sha1, `${known.issuerSha256}:${known.serialNumber}`]);
  for (const [name, content] of Object.entries(spellings)) {
    writeFileSync(join(folder, name), content, name.endsWith('.der') ? 'latin1' : 'utf8');
    const serialFormat = name.includes('decimal') ? 'decimal' : 'hex';
    const source = {
      type: 'files',
      paths: [join(folder, name)],
      issuers: [join(folder, 'ca.pem')],
      serialFormat,
    };
    const [connector] = createConnectors(inventoryConfig.parse({ sources: [source] }), readCertificate);
    const items = await collect(
      connector!.list(new AbortController().signal, (text) => assert.fail(`${name}: ${text}`)),
    );
    assert.equal(items.length, 1, name);
    const of = ({ sha256, sha1: short, issuerSha256, serialNumber: serial }: InventoryItem): string =>
      sha256 ?? short ?? `${issuerSha256}:${serial}`;
    assert.ok(identities.has(of(items[0]!)), `${name}: ${of(items[0]!)}`);
  }
});
