import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { toDefinite } from '../../../src/x509/files/ber.js';
import { readBundle } from '../../../src/x509/files/bundle.js';
import { derKind } from '../../../src/x509/files/der-kind.js';
import * as der from '../../support/der-writer.js';
import { issueCa, issueFor, toPem } from '../../support/pki.js';

const ca = issueCa();
const leaf = issueFor('www.example.com', { issuer: ca });
const both = [leaf.sha256, ca.sha256].sort();
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const pretty = (value: unknown): string => JSON.stringify(value, null, 4);

function read(content: string | Uint8Array) {
  const bundle = readBundle(Buffer.from(content));
  const hashes = bundle.items.map((item) => createHash('sha256').update(item.der).digest('hex')).sort();
  return { ...bundle, hashes, places: bundle.items.map(({ place }) => place) };
}

/** Documents as tools print them. Each holds the leaf and its CA. */
const documents: Readonly<Record<string, string | Uint8Array>> = {
  'kubectl get secrets -o json': pretty({
    apiVersion: 'v1',
    items: [
      {
        kind: 'Secret',
        type: 'kubernetes.io/tls',
        metadata: { name: 'web' },
        data: { 'tls.crt': base64(leaf.pem), 'tls.key': base64(leaf.keyPem), 'ca.crt': base64(ca.pem) },
      },
    ],
  }),
  'kubectl get secrets -o yaml': `apiVersion: v1\ndata:\n  tls.crt: ${base64(leaf.pem)}\n  tls.key: ${base64(leaf.keyPem)}\n  ca.crt: "${base64(ca.pem)}"\nkind: Secret\n`,
  'a ConfigMap in YAML': `data:\n  bundle.pem: |\n    ${(leaf.pem + ca.pem).replaceAll('\n', '\n    ')}\n`,
  'vault write pki/issue -format=json': pretty({
    data: {
      certificate: leaf.pem.trim(),
      issuing_ca: ca.pem.trim(),
      private_key: leaf.keyPem,
      serial_number: '4a:f0',
    },
  }),
  'aws acm get-certificate': pretty({ Certificate: leaf.pem, CertificateChain: ca.pem }),
  'az keyvault certificate show': pretty([
    { cer: base64(leaf.der), id: 'https://vault.example/certificates/a' },
    { cer: base64(ca.der) },
  ]),
  'gcloud certificate-manager certificates list': pretty([{ name: 'a', pemCertificate: leaf.pem + ca.pem }]),
  "Traefik's acme.json": pretty({
    letsencrypt: {
      Certificates: [
        {
          domain: { main: 'www.example.com' },
          certificate: base64(leaf.pem + ca.pem),
          key: base64(leaf.keyPem),
        },
      ],
    },
  }),
  'base64url of DER': pretty({ x5c: [leaf.der.toString('base64url'), ca.der.toString('base64url')] }),
  'JSON in JSON': pretty({ body: JSON.stringify({ pem: leaf.pem, more: { ca: base64(ca.der) } }) }),
  'JSON lines': `${JSON.stringify({ c: base64(leaf.der) })}\n${JSON.stringify({ c: ca.pem })}\n`,
  'JSON cut off': `{"a": ${JSON.stringify(leaf.pem)}, "b": ${JSON.stringify(base64(ca.pem))}, "c`,
  'an environment file': `CERT="${leaf.pem.replaceAll('\n', '\\n')}"\nCA=${base64(ca.pem)}\n`,
  'SAML metadata': `<?xml version="1.0"?><md:E><ds:X509Certificate>\n${base64(leaf.der)}\n</ds:X509Certificate><X509Certificate>${base64(ca.der)}</X509Certificate></md:E>`,
  'UTF-16, little end first, with a mark': Buffer.from(`\ufeff${leaf.pem}${ca.pem}`, 'utf16le'),
  'UTF-16, big end first, with a mark': Buffer.from(`\ufeff${leaf.pem}${ca.pem}`, 'utf16le').swap16(),
  'UTF-16 without a mark': Buffer.from(leaf.pem + ca.pem, 'utf16le'),
  'UTF-16, big end first, without a mark': Buffer.from(leaf.pem + ca.pem, 'utf16le').swap16(),
  'JSON in UTF-16': Buffer.from(`\ufeff${pretty({ a: leaf.pem, b: base64(ca.der) })}`, 'utf16le'),
  'UTF-8 with a mark': `\ufeff${leaf.pem}${ca.pem}`,
  'bare base64 behind a mark': `\ufeff${base64(Buffer.concat([leaf.der, ca.der]))}`,
  'blocks joined without a line end': leaf.pem.trimEnd() + ca.pem,
  'blocks on one line': (leaf.pem + ca.pem).replaceAll('\n', ' '),
  'line ends of old Macs': (leaf.pem + ca.pem).replaceAll('\n', '\r'),
};

describe('documents', () => {
  for (const [name, content] of Object.entries(documents))
    it(`finds both certificates in ${name}`, () => {
      const { hashes, items, unread } = read(content);
      assert.deepEqual(hashes, both);
      assert.ok(items.every(({ problem }) => problem === null));
      assert.deepEqual(unread, []);
    });
  it('says where', () => {
    assert.deepEqual(read(documents['kubectl get secrets -o json']!).places, [
      'items.0.data["tls.crt"]',
      'items.0.data["ca.crt"]',
    ]);
    assert.deepEqual(read(`text\n\n${leaf.pem}${ca.pem}`).places, [
      '3',
      String(3 + leaf.pem.split('\n').length - 1),
    ]);
  });
  it('finds nothing in JSON without certificates, however deep or odd', () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    for (const text of ['{}', '[]', 'null', '{"a":"LS0tLS1CRUdJTi"}', deep, `{"a":"${'M'.repeat(200)}"}`])
      assert.deepEqual(read(text).items, [], text.slice(0, 30));
  });
  it('opens no private key', () => {
    const { items, otherLabels } = read(pretty({ key: base64(leaf.keyPem), plain: leaf.keyPem }));
    assert.deepEqual([items, otherLabels], [[], ['PRIVATE KEY']]);
  });
});

describe('BER', () => {
  const signedData = (list: Buffer): Buffer =>
    der.sequence(
      der.oid('1.2.840.113549.1.7.2'),
      der.context(
        0,
        true,
        der.sequence(der.integer(1), der.set(), der.sequence(der.oid('1.2.840.113549.1.7.1')), list),
      ),
    );
  /** The same element with an indefinite length. */
  const indefinite = (tag: number, ...parts: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.alloc(2)]);
  const list = indefinite(0xa0, leaf.der, ca.der);
  const pkcs7 = indefinite(
    0x30,
    der.oid('1.2.840.113549.1.7.2'),
    indefinite(
      0xa0,
      indefinite(0x30, der.integer(1), der.set(), indefinite(0x30, der.oid('1.2.840.113549.1.7.1')), list),
    ),
  );

  it('becomes DER, certificates byte for byte', () => {
    assert.deepEqual(toDefinite(pkcs7), signedData(der.context(0, true, leaf.der, ca.der)));
  });
  it('joins octet strings in pieces', () => {
    const pieces = indefinite(0x24, der.octetString(Buffer.from('ab')), der.octetString(Buffer.from('cd')));
    assert.deepEqual(
      toDefinite(indefinite(0x30, pieces)),
      der.sequence(der.octetString(Buffer.from('abcd'))),
    );
  });
  it('is read as PKCS #7, in PEM too', () => {
    assert.deepEqual(read(pkcs7).hashes, both);
    assert.deepEqual(read(toPem(pkcs7, 'PKCS7')).hashes, both);
  });
  it('that never ends, or goes too deep, is refused', () => {
    for (const bytes of [
      Buffer.from('3080', 'hex'),
      Buffer.from('30800201', 'hex'),
      Buffer.from('3080'.repeat(100), 'hex'),
      Buffer.from('0480', 'hex'),
    ])
      assert.throws(() => toDefinite(bytes), { name: 'DerError' });
  });
});

describe('derKind', () => {
  const name = der.sequence();
  const algorithm = der.sequence(der.oid('1.2.840.10045.4.3.2'));
  const when = der.time(new Date('2026-01-01T00:00:00Z'));
  for (const [expected, bytes] of [
    ['certificate', leaf.der],
    ['certificate', leaf.der.subarray(0, 100)],
    [
      'certificate',
      der.sequence(der.sequence(der.integer(1), algorithm, name, der.sequence(when, when), name, algorithm)),
    ],
    [
      'certificate request',
      der.sequence(der.sequence(der.integer(0), name, algorithm, der.context(0, true))),
    ],
    ['certificate request', der.sequence(der.sequence(der.integer(0), name, algorithm))],
    ['CRL', der.sequence(der.sequence(der.integer(1), algorithm, name, when))],
    ['CRL', der.sequence(der.sequence(algorithm, name, when, when))],
    ['key', leaf.key.export({ type: 'pkcs8', format: 'der' })],
    ['other', Buffer.from('hello')],
    ['other', der.sequence(der.octetString(Buffer.alloc(3)))],
  ] as const)
    it(`calls ${Buffer.from(bytes).toString('hex').slice(0, 24)}... ${expected}`, () => {
      assert.equal(derKind(bytes), expected);
    });
});
