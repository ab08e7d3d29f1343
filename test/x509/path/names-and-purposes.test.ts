import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { eku, ext, generalName, nameConstraints } from '../../support/chain.js';
import { accepts, refuses, testSection } from './cases.js';

const critical = (oid: string, value: Buffer): Buffer => extension(oid, true, value);
const accessDescription = der.sequence(
  der.oid('1.3.6.1.5.5.7.48.2'),
  generalName.uri('http://ca.example/ca.der'),
);
const info = (value: Buffer, isCritical = false): Buffer => extension('1.3.6.1.5.5.7.1.1', isCritical, value);

testSection('RFC 5280 section 4.2.1.6', [
  refuses(
    'a subjectAltName without names',
    { leaf: { extensions: { san: ext.san([]) } } },
    'malformed-extension name-mismatch',
  ),
  refuses(
    'a subjectAltName that is mere text',
    { leaf: { extensions: { san: extension('2.5.29.17', false, Buffer.from('www.example.com')) } } },
    'malformed-extension name-mismatch',
  ),
  refuses(
    'a name of an unknown form',
    {
      leaf: {
        extensions: {
          san: ext.san([generalName.dns('www.example.com'), der.context(9, false, Buffer.from('x'))]),
        },
      },
    },
    'malformed-extension name-mismatch',
  ),
  ...[
    'under_score.example.com',
    '-a.example.com',
    'a-.example.com',
    'a..example.com',
    '.example.com',
    'example.com.',
    ' ',
    'a b.example.com',
    '10.1.2.3',
    '*',
    'w*.example.com',
    'www.*.example.com',
    '*.*.example.com',
    `${'a'.repeat(64)}.example.com`,
    'b\u00fccher.example',
    'www.example.com\0.evil.example',
    'https://www.example.com',
  ].map((text) =>
    refuses(
      `the dNSName ${JSON.stringify(text)} beside a good one`,
      { leaf: { extensions: { san: ext.dns('www.example.com', text) } } },
      'bad-alternative-name',
    ),
  ),
  ...[
    'xn--bcher-kva.example',
    '1.example.com',
    'a--b.example',
    `${'a'.repeat(63)}.example.com`,
    '*.example.com',
    'localhost',
  ].map((text) =>
    accepts(`the dNSName ${text} beside another`, {
      leaf: { extensions: { san: ext.dns('www.example.com', text) } },
    }),
  ),
  refuses(
    'an iPAddress of five octets',
    {
      leaf: {
        extensions: { san: ext.san([generalName.dns('www.example.com'), generalName.octets(1, 2, 3, 4, 5)]) },
      },
    },
    'bad-alternative-name',
  ),
  refuses(
    'an iPAddress with a mask',
    {
      leaf: {
        extensions: {
          san: ext.san([generalName.dns('www.example.com'), generalName.octets(10, 0, 0, 0, 255, 0, 0, 0)]),
        },
      },
    },
    'bad-alternative-name',
  ),
  refuses(
    'an rfc822Name without a host',
    { leaf: { extensions: { san: ext.san([generalName.dns('www.example.com'), generalName.email('me')]) } } },
    'bad-alternative-name',
  ),
  refuses(
    'an rfc822Name with two at-signs',
    {
      leaf: {
        extensions: {
          san: ext.san([generalName.dns('www.example.com'), generalName.email('a@b@example.com')]),
        },
      },
    },
    'bad-alternative-name',
  ),
  refuses(
    'a URI without a scheme',
    {
      leaf: {
        extensions: { san: ext.san([generalName.dns('www.example.com'), generalName.uri('//example.com')]) },
      },
    },
    'bad-alternative-name',
  ),
  refuses(
    "a malformed name in an issuer's subjectAltName",
    { issuers: [{ extensions: { san: ext.dns('no name') } }] },
    'bad-alternative-name',
  ),
]);

testSection('RFC 5280 section 4.2.1.10', [
  refuses(
    'nameConstraints in a leaf',
    { leaf: { extensions: { nc: nameConstraints([generalName.dns('example.com')]) } } },
    'name-constraints-outside-ca',
  ),
  accepts('nameConstraints that are not critical, as the Baseline Requirements do', {
    issuers: [{ extensions: { nc: nameConstraints([generalName.dns('example.com')], null, false) } }],
  }),
  refuses(
    'the same for a client',
    { issuers: [{ extensions: { nc: nameConstraints([generalName.dns('example.com')], null, false) } }] },
    'name-constraints-not-critical',
    { purpose: 'client', host: null },
  ),
]);

testSection('RFC 5280 section 4.2.1.12', [
  refuses('an empty extendedKeyUsage', { leaf: { extensions: { eku: ext.eku([]) } } }, 'malformed-extension'),
  refuses(
    'a leaf for clients only',
    { leaf: { extensions: { eku: ext.eku([eku.client]) } } },
    'wrong-purpose',
  ),
  accepts('a leaf for servers only', { leaf: { extensions: { eku: ext.eku([eku.server]) } } }),
  refuses(
    'an issuer for e-mail only',
    { issuers: [{ extensions: { eku: ext.eku([eku.email]) } }] },
    'wrong-purpose',
  ),
  accepts('an issuer for servers', { issuers: [{ extensions: { eku: ext.eku([eku.server]) } }] }),
  accepts('an issuer for any purpose', { issuers: [{ extensions: { eku: ext.eku([eku.any]) } }] }),
  refuses(
    'a server below an issuer above which another is for clients only',
    {
      issuers: [
        { extensions: { eku: ext.eku([eku.client]) } },
        { extensions: { eku: ext.eku([eku.server]) } },
      ],
    },
    'wrong-purpose',
  ),
  refuses(
    'a keyUsage that serves no server',
    { leaf: { extensions: { keyUsage: ext.keyUsage(3) } } },
    'wrong-key-usage',
  ),
  accepts('a keyUsage of keyEncipherment', { leaf: { extensions: { keyUsage: ext.keyUsage(2) } } }),
  refuses(
    'that keyUsage for a client',
    { leaf: { extensions: { keyUsage: ext.keyUsage(2) } } },
    'wrong-key-usage',
    { purpose: 'client', host: null },
  ),
  accepts(
    'a client without extendedKeyUsage',
    { leaf: { extensions: { eku: null } } },
    { purpose: 'client', host: null },
  ),
  accepts(
    'a client by clientAuth',
    { leaf: { extensions: { eku: ext.eku([eku.client]) } } },
    { purpose: 'client', host: null },
  ),
  accepts(
    'a client by any purpose',
    { leaf: { extensions: { eku: ext.eku([eku.any]) } } },
    { purpose: 'client', host: null },
  ),
  refuses(
    'a client by serverAuth',
    { leaf: { extensions: { eku: ext.eku([eku.server]) } } },
    'wrong-purpose',
    { purpose: 'client', host: null },
  ),
]);

testSection('RFC 5280 sections 4.2.1.13 to 4.2.2', [
  accepts('authorityInfoAccess', { leaf: { extensions: { aia: info(der.sequence(accessDescription)) } } }),
  refuses(
    'a critical one',
    { leaf: { extensions: { aia: info(der.sequence(accessDescription), true) } } },
    'information-access-critical',
  ),
  refuses('an empty one', { leaf: { extensions: { aia: info(der.sequence()) } } }, 'malformed-extension'),
  refuses(
    'one that is mere text',
    { leaf: { extensions: { aia: info(Buffer.from('malformed')) } } },
    'malformed-extension',
  ),
  refuses(
    'a critical subjectInfoAccess',
    { issuers: [{ extensions: { sia: critical('1.3.6.1.5.5.7.1.11', der.sequence(accessDescription)) } }] },
    'information-access-critical',
  ),
  accepts('critical cRLDistributionPoints', {
    leaf: {
      extensions: {
        dp: critical(
          '2.5.29.31',
          der.sequence(
            der.sequence(
              der.context(0, true, der.context(0, true, generalName.uri('http://ca.example/crl'))),
            ),
          ),
        ),
      },
    },
  }),
  refuses(
    'empty cRLDistributionPoints',
    { leaf: { extensions: { dp: extension('2.5.29.31', false, der.sequence()) } } },
    'malformed-extension',
  ),
  refuses(
    'a critical freshestCRL',
    {
      leaf: {
        extensions: {
          fresh: critical(
            '2.5.29.46',
            der.sequence(
              der.sequence(
                der.context(0, true, der.context(0, true, generalName.uri('http://ca.example/crl'))),
              ),
            ),
          ),
        },
      },
    },
    'freshest-crl-critical',
  ),
]);
