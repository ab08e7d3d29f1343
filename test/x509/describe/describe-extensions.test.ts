import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ExtensionLine } from '../../../src/model/inspect-line.js';
import { describeExtensions } from '../../../src/x509/describe/describe-extensions.js';
import * as der from '../../support/der-writer.js';
import { ext } from '../../support/chain.js';
import { extension } from '../../support/pki.js';
import { aLeaf } from '../../rules/profile-support.js';

function described(extensions: Record<string, Buffer>): readonly ExtensionLine[] {
  const all = describeExtensions(aLeaf({ extensions }).der);
  assert.ok(typeof all !== 'string', String(all));
  return all;
}

it('describes every extension in words', () => {
  const all = described({});
  const of = (oid: string) => all.find((one) => one.oid === oid);
  assert.deepEqual(of('2.5.29.17'), {
    oid: '2.5.29.17',
    name: 'Subject Alternative Name',
    critical: false,
    lines: ['DNS: www.example.com'],
  });
  assert.deepEqual([of('2.5.29.15')?.name, of('2.5.29.15')?.critical], ['Key Usages', true]);
  assert.ok(of('2.5.29.31')?.lines.includes('URL: http://ca.example.com/1.crl'));
  assert.ok(of('1.3.6.1.5.5.7.1.1')?.lines.includes('OCSP: http://ocsp.example.com/'));
});

it('names extensions that the library does not know, and shows their octets', () => {
  const feature = extension('1.3.6.1.5.5.7.1.24', false, der.sequence(der.integer(5)));
  const strange = extension('1.2.3.4', true, der.octetString(Buffer.alloc(100, 7)));
  const all = described({ feature, strange });
  const [known, unknown] = all.slice(-2);
  assert.deepEqual([known?.name, known?.lines], ['TLS Feature', ['3003020105']]);
  assert.deepEqual([unknown?.name, unknown?.critical], [null, true]);
  assert.match(unknown?.lines[0] ?? '', /^0464(?:07)+\.\.\. \(102 octets\)$/);
});

it('shows 200 lines of an extension at most, and a sentence for what is no certificate', () => {
  const names = Array.from({ length: 300 }, (_, at) => `a${at}.example.com`);
  const san = described({ san: ext.dns(...names) }).find(({ oid }) => oid === '2.5.29.17');
  assert.equal(san?.lines.length, 200);
  assert.match(String(describeExtensions(Buffer.from('no certificate'))), /gave up/);
});
