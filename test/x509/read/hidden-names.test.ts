import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { assemble, attribute, dnsName, extensions, rdns, san, text, utf16be } from '../assemble.js';
import * as der from '../../support/der-writer.js';
import { extension, subjectAltName } from '../../support/pki.js';

const hidden: readonly (readonly [what: string, bytes: () => Buffer])[] = [
  [
    'an unknown extension',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(extension('2.5.29.99', false, der.sequence(dnsName('hidden.example.com')))),
      }),
  ],
  [
    'issuerAltName',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(extension('2.5.29.18', false, der.sequence(dnsName('hidden.example.com')))),
      }),
  ],
  [
    'a URI without a scheme',
    () =>
      assemble({ subject: rdns(), tail: extensions(san(der.context(6, false, text('hidden.example.com')))) }),
  ],
  [
    'a URI',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(san(der.context(6, false, text('https://hidden.example.com/x.html')))),
      }),
  ],
  [
    'an rfc822Name without a mailbox',
    () =>
      assemble({ subject: rdns(), tail: extensions(san(der.context(1, false, text('hidden.example.com')))) }),
  ],
  [
    'an otherName',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(
          san(
            der.context(
              0,
              true,
              der.oid('1.3.6.1.5.5.7.8.5'),
              der.context(0, true, der.utf8String('hidden.example.com')),
            ),
          ),
        ),
      }),
  ],
  [
    'a name of an unknown kind',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(san(der.context(10, false, text('hidden.example.com')))),
      }),
  ],
  [
    'an iPAddress of 18 octets',
    () =>
      assemble({ subject: rdns(), tail: extensions(san(der.context(7, false, text('hidden.example.com')))) }),
  ],
  [
    'a second Common Name',
    () =>
      assemble({
        subject: rdns(
          der.set(attribute('2.5.4.3', 12, text('a.test'))),
          der.set(attribute('2.5.4.3', 12, text('hidden.example.com'))),
        ),
      }),
  ],
  [
    'an organizational unit',
    () => assemble({ subject: rdns(der.set(attribute('2.5.4.11', 12, text('hidden.example.com')))) }),
  ],
  [
    'an organization in small letters',
    () => assemble({ subject: rdns(der.set(attribute('2.5.4.10', 12, text('hidden.example.com')))) }),
  ],
  [
    'a Common Name under the tag of a BMPString',
    () => assemble({ subject: rdns(der.set(attribute('2.5.4.3', 0x1e, text('hidden.example.com')))) }),
  ],
  ...(
    [
      ['an octet string', der.octetString(text('hidden.example.com'))],
      ['a BMPString', der.element(0x1e, utf16be('hidden.example.com'))],
      ['a BMPString in little endian', der.element(0x1e, Buffer.from('hidden.example.com', 'utf16le'))],
      [
        'a string of two segments',
        der.element(0x2c, der.utf8String('hidden.ex'), der.utf8String('ample.com')),
      ],
      [
        'a BMPString of two segments',
        der.element(0x3e, der.element(0x1e, utf16be('hidden.ex')), der.element(0x1e, utf16be('ample.com'))),
      ],
      ['a string with a NUL', der.utf8String('evil.test\0hidden.example.com')],
      ['a string with spaces around it', der.utf8String(' hidden.example.com ')],
    ] as const
  ).map(([what, value]): (typeof hidden)[number] => [
    `an organizational unit that is ${what}`,
    () => assemble({ subject: rdns(der.set(der.sequence(der.oid('2.5.4.11'), value))) }),
  ]),
  [
    'a dNSName of two segments',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(
          san(
            der.context(2, true, der.element(0x16, text('hidden.ex')), der.element(0x16, text('ample.com'))),
          ),
        ),
      }),
  ],
  [
    'a dNSName of wide characters',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(san(der.context(2, false, utf16be('hidden.example.com')))),
      }),
  ],
  [
    'a mailbox of internationalised mail',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(
          san(
            der.context(
              0,
              true,
              der.oid('1.3.6.1.5.5.7.8.9'),
              der.context(0, true, der.utf8String('ü@hidden.example.com')),
            ),
          ),
        ),
      }),
  ],
  [
    'a URI of a subjectAltName that comes a second time',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(
          san(dnsName('a.example.com')),
          san(der.context(6, false, text('https://hidden.example.com/'))),
        ),
      }),
  ],
  [
    'a BMPString Common Name',
    () => assemble({ subject: rdns(der.set(attribute('2.5.4.3', 0x1e, utf16be('hidden.example.com')))) }),
  ],
  [
    'a certificate that is cut off',
    () =>
      assemble({ subject: rdns(), tail: extensions(san(dnsName('hidden.example.com'))) }).subarray(0, -80),
  ],
  [
    'bytes behind the certificate',
    () => Buffer.concat([assemble({ subject: rdns() }), dnsName('hidden.example.com')]),
  ],
  [
    'a unique identifier',
    () => assemble({ subject: rdns(), tail: der.context(2, false, text('\0hidden.example.com')) }),
  ],
  [
    'policies that are none',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(extension('2.5.29.32', false, subjectAltName(['hidden.example.com']))),
      }),
  ],
  [
    'key identifiers that are none',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(extension('2.5.29.35', false, subjectAltName(['hidden.example.com']))),
      }),
  ],
];
for (const [what, bytes] of hidden) {
  it(`finds a name in ${what}`, () => {
    const read = readCertificate(bytes());
    assert.ok(read.names.includes('hidden.example.com'), JSON.stringify([read.names, read.problems]));
  });
}

it('keeps names of URLs, policies and organizations out of the names, but for the domains of mailboxes', () => {
  const bytes = assemble({
    subject: rdns(der.set(attribute('2.5.4.10', 12, text('Example.com')))),
    tail: extensions(
      san(der.context(1, false, text('someone.else@mail.example.com'))),
      extension(
        '2.5.29.31',
        false,
        der.sequence(
          der.sequence(
            der.context(
              0,
              true,
              der.context(0, true, der.context(6, false, text('http://crl.example.com/a.crl'))),
            ),
          ),
        ),
      ),
      extension('1.3.6.1.5.5.7.1.3', false, der.sequence(der.utf8String('https://pds.example.com/pds.pdf'))),
    ),
  });
  const read = readCertificate(bytes);
  assert.deepEqual(read.names, ['mail.example.com']);
  assert.deepEqual(read.crlUrls, ['http://crl.example.com/a.crl']);
  assert.deepEqual(read.emailAddresses, ['someone.else@mail.example.com']);
});
