import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameKey } from '../../../src/inventory/reading/issuer-name.js';

describe('nameKey', () => {
  const spellings: readonly (readonly [string, readonly string[]])[] = [
    [
      'a plain name',
      [
        'CN=R3,O=Example Trust,C=US',
        'C=US, O=Example Trust, CN=R3',
        'C = US, O = Example Trust, CN = R3',
        '/C=US/O=Example Trust/CN=R3',
        'cn=r3;o=example  trust;c=us',
        'CN=R3+O=Example Trust,C=US',
        'commonName=R3, organizationName="Example Trust", countryName=US',
        '2.5.4.3=R3,2.5.4.10=Example Trust,OID.2.5.4.6=US',
      ],
    ],
    [
      'a comma in a value',
      [
        'CN=Root,O="Example, Inc.",C=US',
        'CN=Root,O=Example\\, Inc.,C=US',
        'CN=Root,O=Example\\2C Inc.,C=US',
        '/C=US/O=Example, Inc./CN=Root',
        'C=US, O=Example, Inc., CN=Root',
      ],
    ],
    ['a state and an e-mail address', ['ST=Texas,E=ca@example.com', 'S=Texas, emailAddress=ca@example.com']],
    ['a slash in a value', ['CN=a/b,C=XX', 'C=XX, CN=a/b']],
    ['letters beyond ASCII', ['CN=Zürich', 'CN=Zu\u0308rich', 'CN=Z\\C3\\BCrich', 'cn=ZÜRICH']],
    ['a Common Name alone', ['R3', 'CN=R3', '/CN=R3']],
    ['quotes doubled, as Windows writes them', ['O="say ""hi"""', 'O=say \\"hi\\"']],
  ];
  for (const [what, texts] of spellings)
    it(`takes all spellings of ${what} for one`, () => {
      assert.deepEqual([...new Set(texts.map(nameKey))].length, 1, texts.map(nameKey).join('\n'));
    });
  for (const [one, other] of [
    ['CN=R3', 'CN=R4'],
    ['CN=R3', 'O=R3'],
    ['CN=a,O=b', 'CN=a'],
    ['CN=a b', 'CN=ab'],
  ] as const)
    it(`keeps ${one} and ${other} apart`, () => assert.notEqual(nameKey(one), nameKey(other)));
  it('takes any text', () => {
    for (const text of ['', '=', ',', '\\', '"', 'CN=', '/', '/=/=', 'CN=a\\']) nameKey(text);
  });
});
