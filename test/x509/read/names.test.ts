import assert from 'node:assert/strict';
import { it } from 'node:test';
import { concernsDomain, findNames, namesInCommonName, normalizeName } from '../../../src/x509/read/names.js';
import { rawNames } from '../../../src/x509/read/raw-names.js';

const normalized: readonly (readonly [text: string, names: readonly string[]])[] = [
  ['www.example.com', ['www.example.com']],
  ['WWW.Example.COM', ['www.example.com']],
  ['www.example.com.', ['www.example.com']],
  ['.example.com', ['example.com']],
  [' example.com ', ['example.com']],
  ['*.example.com', ['*.example.com']],
  ['münchen.example', ['xn--mnchen-3ya.example']],
  ['MÜNCHEN.example', ['xn--mnchen-3ya.example']],
  ['*.münchen.example', ['*.xn--mnchen-3ya.example']],
  ['XN--MNCHEN-3YA.example', ['xn--mnchen-3ya.example']],
  ['ｅｘａｍｐｌｅ。com', ['example.com']],
  ['www.example.com\0.evil.test', ['www.example.com', 'evil.test']],
  ['\0', []],
  ['', []],
  ['...', []],
  ['localhost', ['localhost']],
  ['foo_bar.example.com', ['foo_bar.example.com']],
  ['example.com evil.test', ['example.com evil.test', 'example.com', 'evil.test']],
  ['https://www.example.com/', ['https://www.example.com/', 'www.example.com']],
];
for (const [text, names] of normalized) {
  it(`normalises ${JSON.stringify(text)}`, () => {
    assert.deepEqual(normalizeName(text), names);
  });
}

const commonNames: readonly (readonly [text: string, names: readonly string[]])[] = [
  ['www.example.com', ['www.example.com']],
  ['*.Example.com', ['*.example.com']],
  ['www.example.com\0.evil.test', ['www.example.com', 'evil.test']],
  ['192.0.2.1', ['192.0.2.1']],
  ['2001:DB8::1', ['2001:db8::1']],
  ['Example Root CA - R3', []],
  ['R3', []],
  ['localhost', []],
  ['Amazon RSA 2048 M03', []],
  ['host www.example.com', ['www.example.com']],
  ['db1.prod2', ['db1.prod2']],
  ['Example v1.0', []],
  ['münchen.example', ['xn--mnchen-3ya.example']],
];
for (const [text, names] of commonNames) {
  it(`finds ${names.length} names in the Common Name ${JSON.stringify(text)}`, () => {
    assert.deepEqual(namesInCommonName(text), names);
  });
}

const concerns: readonly (readonly [name: string, domain: string, expected: boolean])[] = [
  ['example.com', 'example.com', true],
  ['www.example.com', 'example.com', true],
  ['a.b.example.com', 'example.com', true],
  ['notexample.com', 'example.com', false],
  ['example.com', 'www.example.com', false],
  ['*.example.com', 'www.example.com', true],
  ['*.example.com', 'example.com', true],
  ['*.example.com', 'a.b.example.com', false],
  ['*.com', 'example.com', true],
  ['w*.example.com', 'www.example.com', true],
  ['w*.example.com', 'mail.example.com', false],
  ['a.*.example.com', 'b.example.com', true],
  ['?.example.com', 'www.example.com', true],
  ['*', 'com', true],
  ['example.com.evil.test', 'example.com', false],
];
for (const [name, domain, expected] of concerns) {
  it(`says that ${name} ${expected ? 'concerns' : 'does not concern'} ${domain}`, () => {
    assert.equal(concernsDomain(name, domain), expected);
  });
}

it('finds names in free text, with or without URLs', () => {
  const text = 'see http://a.example.com/b.html or mail x@c.example, or d.example';
  assert.deepEqual(findNames(text), ['a.example.com', 'b.html', 'c.example', 'd.example']);
  assert.deepEqual(findNames(text, true), ['c.example', 'd.example']);
});

for (const [what, text] of [
  ['one letter', 'a'.repeat(1_000_000)],
  ['one letter outside ASCII', '\u00e4'.repeat(500_000)],
  ['dots', '.'.repeat(1_000_000)],
  ['labels', 'a.'.repeat(500_000)],
  ['labels outside ASCII', '\u00e4.'.repeat(300_000)],
  ['stars', '*'.repeat(1_000_000)],
] as const) {
  it(`needs time in proportion to a megabyte of ${what}`, () => {
    const start = process.cpuUsage();
    findNames(text);
    normalizeName(text);
    rawNames(Buffer.from(text));
    assert.ok(process.cpuUsage(start).user < 3_000_000, 'more than 3 s of processor time');
  });
}

const bytes = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))),
  );
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const raw: readonly (readonly [what: string, input: Buffer, name: string])[] = [
  ['between binary octets', bytes(0x82, 15, 'www.example.com', 0x82, 3), 'www.example.com'],
  ['at the very start and end', bytes('www.example.com'), 'www.example.com'],
  ['in capitals', bytes(0, 'WWW.EXAMPLE.COM', 0), 'www.example.com'],
  [
    'before a SEQUENCE whose header is printable',
    bytes(0, 'www.example.com', '0Y0', 0x13),
    'www.example.com',
  ],
  ['before a tag and a length that are letters', bytes(12, 'iwww.example.comEY0', 0x13), 'iwww.example.com'],
  ['before a SET', bytes(0, 'www.example.com', '1', 0x0b), 'www.example.com'],
  [
    'behind a length that is a digit',
    bytes(0x0c, 48, `${'a'.repeat(36)}.example.com`, 0),
    `${'a'.repeat(36)}.example.com`,
  ],
  ['as a wildcard', bytes(0, '*.example.com', 0), '*.example.com'],
  ['behind empty labels', bytes(0, '..www.example.com..', 0), 'www.example.com'],
  ['behind a label that is too long', bytes(0, `${'a'.repeat(64)}.www.example.com`, 0), 'www.example.com'],
  ['in UTF-8', Buffer.from('\0münchen.example\0'), 'xn--mnchen-3ya.example'],
  ['in UTF-8 with the dots of another script', Buffer.from('\0münchen。example\0'), 'xn--mnchen-3ya.example'],
  [
    'in UTF-8 behind two megabytes of other octets',
    Buffer.concat([Buffer.alloc(1_999_998, 'ü '), Buffer.from('münchen.example')]),
    'xn--mnchen-3ya.example',
  ],
  [
    'in UTF-8 amidst octets that are no text',
    Buffer.concat([Buffer.alloc(20_000, 0xfe), Buffer.from('münchen.example'), Buffer.alloc(20_000, 0xfe)]),
    'xn--mnchen-3ya.example',
  ],
  ['as BMPString', Buffer.concat([bytes(0x1e, 30), utf16be('www.example.com')]), 'www.example.com'],
  [
    'as BMPString at an odd offset',
    Buffer.concat([bytes(0x1e), utf16be('www.example.com')]),
    'www.example.com',
  ],
  [
    'as UniversalString',
    Buffer.concat([...'www.example.com'].map((character) => bytes(0, 0, 0, character))),
    'www.example.com',
  ],
];
for (const [what, input, name] of raw) {
  it(`finds a name ${what}`, () => {
    assert.ok(rawNames(input).includes(name), rawNames(input).join(' '));
  });
}

it('finds nothing in random octets that would not be a name', () => {
  assert.deepEqual(rawNames(bytes(1, 2, '1.2.3.4', 0, 'a.b-', 0, 'x', 0)), []);
});
