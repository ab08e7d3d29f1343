import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createConnectors, inventoryConfig } from '../../../src/inventory/config.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { collect } from '../../support/collect.js';
import { issueCa, issueFor, type Issued } from '../../support/pki.js';

const ca = issueCa();
let www: Issued;
let shop: Issued;
let folder = '';
const at = (...parts: string[]): string => join(folder, ...parts);
function put(name: string, content: string): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
}

async function list(program: string, path: string) {
  const source = { type: 'proxy', program, path: at(path) };
  const [connector] = createConnectors(inventoryConfig.parse({ sources: [source] }), readCertificate);
  const errors: string[] = [];
  const notes: string[] = [];
  const shown = (text: string): string => text.replaceAll(`${folder}/`, '');
  const signal = new AbortController().signal;
  const items = await collect(
    connector!.list(signal, (text) => errors.push(shown(text)), {
      onNote: (text) => notes.push(shown(text)),
    }),
  );
  const bound = items
    .map(({ sha256, names, inUseBy }) => ({
      certificate: nameOf(sha256),
      names,
      inUseBy: inUseBy.map(shown),
    }))
    .sort((a, b) => a.certificate.localeCompare(b.certificate));
  return { bound, errors, notes };
}

function nameOf(sha256: string | null): string {
  if (sha256 === www.sha256) return 'www';
  return sha256 === shop.sha256 ? 'shop' : String(sha256);
}

describe('proxy', () => {
  before(() => {
    www = issueFor('www.example.com', { issuer: ca });
    shop = issueFor('shop.example.com', { issuer: ca });
  });
  beforeEach(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'certglass-proxy-'));
    put('tls/www.pem', www.pem + ca.pem);
    put('tls/shop.pem', shop.pem);
    put('tls/shop.key', shop.keyPem);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('reads nginx with includes, inheritance and quotes', async () => {
    put(
      'nginx.conf',
      `events {}
http { # { a comment
  ssl_certificate tls/www.pem; ssl_certificate_key tls/www.key;
  include sites/*.conf;
  server { listen 80; server_name plain.example.com; }
  server { listen 8443 ssl; server_name _; ssl_certificate $ssl_server_name.pem; }
}
`,
    );
    put(
      'sites/shop.conf',
      `server {
  listen 443 ssl; listen [::]:443 ssl;
  server_name "shop.example.com" Shop.example.org ~^w\\d+\\.example\\.com$;
  ssl_certificate '${at('tls/shop.pem')}';
  location / { return 200 "}"; }
}
`,
    );
    put('sites/www.conf', 'server { listen 443 ssl default_server; server_name www.example.com; }');
    const { bound, errors, notes } = await list('nginx', 'nginx.conf');
    assert.deepEqual(errors, []);
    assert.deepEqual(bound, [
      {
        certificate: 'shop',
        names: ['shop.example.com', 'shop.example.org'],
        inUseBy: ['shop.example.com, Shop.example.org on 443 ssl, [::]:443 ssl (sites/shop.conf:4)'],
      },
      {
        certificate: 'www',
        names: ['www.example.com'],
        inUseBy: ['www.example.com on 443 ssl default_server (nginx.conf:3)'],
      },
    ]);
    assert.match(notes.join(), /nginx\.conf:6: the certificate \$ssl_server_name\.pem is known only/);
  });

  it('reports what nginx would not load: a missing file, a brace without its partner', async () => {
    put('nginx.conf', 'http { include a.conf; server { listen 443 ssl; ssl_certificate gone.pem; } }');
    put('a.conf', 'server { listen 1;');
    const { bound, errors } = await list('nginx', 'nginx.conf');
    assert.deepEqual(bound, []);
    assert.deepEqual(errors, [
      'a.conf: the block that begins at a.conf:1 has no }',
      'gone.pem: there is no such file or folder (bound at nginx.conf:1)',
    ]);
  });

  it('reads Apache with virtual hosts, includes, variables and continued lines', async () => {
    put('apache2.conf', `ServerRoot "${folder}"\nDefine tls_dir tls\nIncludeOptional sites-enabled/*.conf\n`);
    put(
      'sites-enabled/shop.conf',
      `<IfModule mod_ssl.c>
<VirtualHost *:443>
  ServerName https://shop.example.com:443
  ServerAlias shop.example.org \\
    store.example.com
  SSLCertificateFile "\${tls_dir}/shop.pem"
  SSLCertificateKeyFile \${tls_dir}/shop.key
</VirtualHost>
<VirtualHost *:80>
  ServerName www.example.com
</VirtualHost>
</IfModule>
`,
    );
    const { bound, errors } = await list('apache', '');
    assert.deepEqual(errors, []);
    assert.deepEqual(bound, [
      {
        certificate: 'shop',
        names: ['shop.example.com', 'shop.example.org', 'store.example.com'],
        inUseBy: [
          'shop.example.com, shop.example.org, store.example.com on *:443 (sites-enabled/shop.conf:6)',
        ],
      },
    ]);
  });

  it('reads HAProxy: folders of files that hold key and certificate, lists, stores', async () => {
    put('certs/www.pem', www.keyPem + www.pem + ca.pem);
    put('certs/www.pem.ocsp', 'not a certificate');
    put(
      'list.txt',
      `tls/shop.pem [alpn h2 ssl-min-ver TLSv1.2] *.example.com !www.example.com\n# tls/gone.pem\n`,
    );
    put(
      'haproxy.cfg',
      `global
  crt-base ${folder}
crt-store web
  load crt "tls/shop.pem" key "tls/shop.key" alias "shop"
frontend public
  bind :443 ssl crt certs alpn h2
  bind :8443 ssl crt-list ${at('list.txt')}
  bind :9443 ssl crt @web/shop
`,
    );
    const { bound, errors } = await list('haproxy', 'haproxy.cfg');
    assert.deepEqual(errors, []);
    assert.deepEqual(bound, [
      {
        certificate: 'shop',
        names: ['*.example.com'],
        inUseBy: ['default (haproxy.cfg:4)', '*.example.com on public :8443 (list.txt:1)'],
      },
      { certificate: 'www', names: [], inUseBy: ['default on public :443 (haproxy.cfg:6)'] },
    ]);
  });

  it('reads Envoy: files and certificates within the configuration, by the names of the filter chain', async () => {
    put(
      'envoy.yaml',
      JSON.stringify({
        static_resources: {
          listeners: [
            {
              address: { socket_address: { address: '0.0.0.0', port_value: 8443 } },
              filter_chains: [
                {
                  filter_chain_match: { server_names: ['www.example.com'] },
                  transport_socket: {
                    typed_config: {
                      common_tls_context: {
                        tls_certificates: [
                          {
                            certificate_chain: { filename: 'tls/www.pem' },
                            private_key: { filename: 'tls/www.key' },
                          },
                        ],
                      },
                    },
                  },
                },
              ],
            },
          ],
          secrets: [
            {
              name: 's',
              tls_certificate: {
                certificate_chain: { inline_bytes: Buffer.from(shop.pem).toString('base64') },
              },
            },
          ],
        },
      }),
    );
    const { bound, errors } = await list('envoy', 'envoy.yaml');
    assert.deepEqual(errors, []);
    assert.deepEqual(bound, [
      { certificate: 'shop', names: [], inUseBy: ['default (envoy.yaml)'] },
      {
        certificate: 'www',
        names: ['www.example.com'],
        inUseBy: ['www.example.com on 0.0.0.0:8443 (envoy.yaml)'],
      },
    ]);
  });

  it('reads Traefik: YAML and TOML of a folder', async () => {
    put(
      'dynamic/a.yml',
      `tls:\n  certificates:\n    - certFile: ${at('tls/www.pem')}\n      keyFile: /x.key\n`,
    );
    put('dynamic/b.toml', `[[tls.certificates]]\n  certFile = '${at('tls/shop.pem')}'\n`);
    const { bound, errors } = await list('traefik', 'dynamic');
    assert.deepEqual(errors, []);
    assert.deepEqual(
      bound.map(({ certificate, inUseBy }) => [certificate, inUseBy]),
      [
        ['shop', ['default (dynamic/b.toml)']],
        ['www', ['default (dynamic/a.yml)']],
      ],
    );
  });

  it('reports a configuration that is not there, or no YAML, and never goes round in a circle', async () => {
    assert.match((await list('nginx', 'none.conf')).errors.join(), /none\.conf: there is no such file/);
    put('envoy.yaml', 'a: [');
    assert.match((await list('envoy', 'envoy.yaml')).errors.join(), /envoy\.yaml: is no YAML/);
    put('nginx.conf', 'include nginx.conf; include *.conf;');
    assert.deepEqual((await list('nginx', 'nginx.conf')).bound, []);
  });
});
