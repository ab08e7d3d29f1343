import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { createConnectors, inventoryConfig } from '../../../src/inventory/config.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { collect } from '../../support/collect.js';
import { issueCa, issueFor } from '../../support/pki.js';

const ca = issueCa();
const leaf = issueFor('www.example.com', { issuer: ca });
const other = issueFor('shop.example.com', { issuer: ca });
let folder = '';
const at = (...parts: string[]): string => join(folder, ...parts);
function put(name: string, content: string): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
}
beforeEach(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'certglass-acme-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function list(client: string, more: object = {}) {
  const source = { type: 'acme-client', client, path: folder, ...more };
  const [connector] = createConnectors(inventoryConfig.parse({ sources: [source] }), readCertificate);
  const errors: string[] = [];
  const items = await collect(connector!.list(new AbortController().signal, (text) => errors.push(text)));
  return { items, errors, hashes: items.map(({ sha256 }) => sha256).sort() };
}

describe('acme-client', () => {
  /** As certbot 2.11 lays it out: https://eff-certbot.readthedocs.io/en/stable/using.html#where-are-my-certificates. */
  function certbot(): void {
    for (const [name, { pem }] of [
      ['www.example.com', leaf],
      ['shop.example.com-0001', other],
    ] as const) {
      for (const [part, text] of [
        ['cert', pem],
        ['chain', ca.pem],
        ['fullchain', pem + ca.pem],
        ['privkey', leaf.keyPem],
      ] as const) {
        put(`archive/${name}/${part}3.pem`, text);
        mkdirSync(at('live', name), { recursive: true });
        symlinkSync(`../../archive/${name}/${part}3.pem`, at('live', name, `${part}.pem`));
      }
      chmodSync(at('archive', name, 'privkey3.pem'), 0o600);
      put(
        `renewal/${name}.conf`,
        `# renew_before_expiry = 30 days\nversion = 2.11.0\nautorenew = ${name === 'www.example.com' ? 'True' : 'False'}\n[renewalparams]\nserver = https://acme.example.com/directory\nauthenticator = nginx\n`,
      );
    }
    put('live/README', 'This directory contains your keys and certificates.\n');
  }

  it("reads certbot's leaves, their lineage and whether it renews them", async () => {
    certbot();
    const { items, errors, hashes } = await list('certbot');
    assert.deepEqual([errors, hashes], [[], [leaf.sha256, other.sha256].sort()]);
    const item = items.find(({ sha256 }) => sha256 === leaf.sha256);
    assert.equal(item?.reference, at('live/www.example.com/cert.pem'));
    assert.deepEqual(item?.labels, {
      client: 'certbot',
      lineage: 'www.example.com',
      server: 'https://acme.example.com/directory',
      authenticator: 'nginx',
    });
    assert.deepEqual(items.map(({ renewal }) => renewal?.isAutomatic).sort(), [false, true]);
  });
  it("takes failed renewals from certbot's log, unless a success followed", async () => {
    certbot();
    const day = (date: Date): string => date.toISOString().slice(0, 10);
    const old = new Date(Date.now() - 40 * 86_400_000);
    put(
      'letsencrypt.log',
      [
        `${day(old)} 03:00:00,123:ERROR:certbot._internal.renewal:Failed to renew certificate shop.example.com-0001 with error: old`,
        `${day(new Date(Date.now() - 3_600_000))} 00:00:01,123:DEBUG:certbot._internal.main:certbot version: 2.11.0`,
        `2099-01-01 03:00:00,123:ERROR:certbot._internal.renewal:Failed to renew certificate www.example.com with error: Some challenges have failed.`,
        '',
      ].join('\n'),
    );
    const { items, errors } = await list('certbot', { log: at('letsencrypt.log') });
    assert.deepEqual(errors, []);
    const failing = items.filter(({ renewal }) => renewal?.failedAt !== null);
    assert.deepEqual(
      failing.map(({ sha256, renewal }) => [sha256, renewal?.message]),
      [[leaf.sha256, 'Some challenges have failed.']],
    );
    assert.match(
      (await list('certbot', { log: at('gone.log') })).errors.join(),
      /gone\.log: there is no such file/,
    );
  });
  it("reads acme.sh's, with when it renews", async () => {
    put('www.example.com_ecc/www.example.com.cer', leaf.pem);
    put('www.example.com_ecc/ca.cer', ca.pem);
    put('www.example.com_ecc/fullchain.cer', leaf.pem + ca.pem);
    put('www.example.com_ecc/www.example.com.key', leaf.keyPem);
    put('www.example.com_ecc/www.example.com.csr', 'x');
    put(
      'www.example.com_ecc/www.example.com.conf',
      "Le_Domain='www.example.com'\nLe_API='https://acme.example.com'\nLe_NextRenewTime='1798761600'\n",
    );
    put('account.conf', "LOG_FILE='x'\n");
    const { items, errors } = await list('acme.sh');
    assert.deepEqual(errors, []);
    assert.deepEqual(
      items.map(({ sha256 }) => sha256),
      [leaf.sha256],
    );
    assert.deepEqual(items[0]?.renewal?.dueAt, new Date(1_798_761_600_000));
    assert.equal(items[0]?.labels['server'], 'https://acme.example.com');
  });
  it("reads lego's and Caddy's, and leaves the issuers out", async () => {
    put('certificates/www.example.com.crt', leaf.pem + ca.pem);
    put('certificates/www.example.com.issuer.crt', ca.pem);
    put('certificates/www.example.com.key', leaf.keyPem);
    put(
      'certificates/www.example.com.json',
      '{"domain":"www.example.com","certUrl":"https://acme.example.com/cert/1"}',
    );
    const legoItems = (await list('lego')).items;
    assert.deepEqual(
      legoItems.map(({ sha256, labels }) => [sha256, labels]),
      [[leaf.sha256, { client: 'lego', url: 'https://acme.example.com/cert/1' }]],
    );
    put('caddy/certificates/acme-v02/shop.example.com/shop.example.com.crt', other.pem + ca.pem);
    put(
      'caddy/certificates/acme-v02/shop.example.com/shop.example.com.json',
      '{"sans":["shop.example.com"]}',
    );
    const caddyItems = (await list('caddy', { path: at('caddy') })).items;
    assert.deepEqual(
      caddyItems.map(({ sha256, labels }) => [sha256, labels]),
      [[other.sha256, { client: 'caddy', issuer: 'acme-v02' }]],
    );
  });
  it("reads Traefik's acme.json: leaves, by resolver", async () => {
    const entry = (pem: string) => ({
      certificate: Buffer.from(pem + ca.pem).toString('base64'),
      key: Buffer.from(leaf.keyPem).toString('base64'),
    });
    put(
      'acme.json',
      JSON.stringify(
        { le: { Account: { Email: 'a@example.com' }, Certificates: [entry(leaf.pem), entry(other.pem)] } },
        null,
        2,
      ),
    );
    const { items, errors } = await list('traefik', { path: at('acme.json') });
    assert.deepEqual(errors, []);
    assert.deepEqual(
      items.map(({ sha256, reference }) => [sha256, reference.slice(folder.length)]),
      [leaf, other].map(({ sha256 }, n) => [sha256, `/acme.json:le.Certificates.${n}.certificate`]),
    );
  });
  it('calls a folder without certificates, and a broken certificate, errors', async () => {
    assert.match((await list('certbot')).errors.join(), /live: there is no such file or folder/);
    put('live/README', 'nothing yet');
    assert.match((await list('certbot')).errors.join(), /holds no certificate of certbot/);
    put('live/a/cert.pem', 'nonsense');
    assert.match((await list('certbot')).errors.join(), /cert\.pem: holds no certificate/);
  });
});
