import * as der from '../../support/der-writer.js';
import { commonName, extension } from '../../support/pki.js';
import { ext, generalName, name } from '../../support/chain.js';
import { accepts, refuses, testSection } from './cases.js';

const empty = der.sequence();
const sha384 = der.sequence(der.oid('1.2.840.10045.4.3.3'));
const utc = (text: string): Buffer => der.element(0x17, Buffer.from(text));
const generalized = (text: string): Buffer => der.element(0x18, Buffer.from(text));

testSection('RFC 5280 section 6.1', [
  accepts('root, issuer and leaf as they should be', {}),
  accepts('a leaf directly below the root', { issuers: [] }),
]);

testSection('RFC 5280 section 4.1', [
  refuses(
    'bytes behind the leaf',
    { leaf: { mangle: (bytes) => Buffer.concat([bytes, Buffer.from([0])]) } },
    'malformed-certificate',
  ),
  refuses(
    'a leaf cut short',
    { leaf: { mangle: (bytes) => bytes.subarray(0, -1) } },
    'malformed-certificate',
  ),
  refuses(
    'a chain whose issuer has bytes behind it',
    { issuers: [{ mangle: (bytes) => Buffer.concat([bytes, Buffer.from([0])]) }] },
    'no-issuer',
  ),
]);

testSection('RFC 5280 section 4.1.2.1', [
  refuses('a version 1 leaf with extensions', { leaf: { version: null } }, 'wrong-version'),
  refuses(
    'a version 2 leaf with extensions',
    { leaf: { version: der.context(0, true, der.integer(1)) } },
    'wrong-version',
  ),
  refuses('version 4', { leaf: { version: der.context(0, true, der.integer(3)) } }, 'wrong-version'),
  refuses(
    'a negative version',
    { leaf: { version: der.context(0, true, der.integer(-1)) } },
    'wrong-version',
  ),
]);

testSection('X.690 section 11.5', [
  refuses(
    'a default version written out',
    { leaf: { version: der.context(0, true, der.integer(0)) } },
    'malformed-certificate wrong-version',
  ),
]);

testSection('Baseline Requirements section 7.1.1', [
  refuses(
    'a server certificate without extensions',
    { leaf: { version: null, bare: true } },
    'authority-key-id-missing extended-key-usage-missing name-mismatch subject-alt-name-missing wrong-version',
  ),
]);

testSection('RFC 5280 section 4.1.2.2', [
  accepts('a serial number of 20 octets', { leaf: { serial: der.integer(2n ** 159n - 1n) } }),
  refuses('a serial number of 21 octets', { leaf: { serial: der.integer(2n ** 159n) } }, 'bad-serial-number'),
  refuses('the serial number zero', { leaf: { serial: der.integer(0) } }, 'bad-serial-number'),
  refuses('a negative serial number', { leaf: { serial: der.integer(-5) } }, 'bad-serial-number'),
  refuses(
    "an issuer's negative serial number",
    { issuers: [{ serial: der.integer(-5) }] },
    'bad-serial-number',
  ),
  accepts('a root with the serial number zero', { root: { serial: der.integer(0) } }),
]);

testSection('X.690 section 8.3.2', [
  refuses(
    'a padded serial number',
    { leaf: { serial: der.element(2, Buffer.from([0, 1])) } },
    'bad-serial-number',
  ),
]);

testSection('RFC 5280 section 4.1.1.2', [
  refuses(
    'two different signature algorithms',
    { leaf: { innerAlgorithm: sha384 } },
    'signature-algorithm-mismatch',
  ),
  refuses('them in a root as well', { root: { innerAlgorithm: sha384 } }, 'signature-algorithm-mismatch'),
]);

testSection('RFC 5280 section 4.1.2.4', [
  refuses('an empty issuer', { leaf: { issuer: empty } }, 'empty-issuer no-issuer'),
]);

testSection('RFC 5280 section 4.1.2.6', [
  refuses('a CA with an empty subject', { issuers: [{ subject: empty }] }, 'empty-issuer no-issuer'),
  accepts('a leaf with an empty subject and a critical subjectAltName', {
    leaf: { subject: empty, extensions: { san: ext.san([generalName.dns('www.example.com')], true) } },
  }),
  refuses(
    'a leaf with an empty subject and a subjectAltName that is not critical',
    { leaf: { subject: empty } },
    'subject-alt-name-not-critical',
  ),
  refuses(
    'a leaf with neither subject nor subjectAltName',
    { leaf: { subject: empty, extensions: { san: null } } },
    'empty-subject name-mismatch subject-alt-name-missing',
  ),
]);

testSection('RFC 5280 section 4.1.2.4', [
  refuses(
    'a name with an empty RDN',
    { leaf: { subject: der.sequence(der.set()) } },
    'malformed-certificate',
  ),
]);

testSection('RFC 5280 section 7.1', [
  accepts('names that differ in case, space and string type', {
    issuers: [{ subject: name(['2.5.4.3', 'Test  Issuer']) }],
    leaf: {
      issuer: der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.printableString(' test issuer')))),
    },
  }),
]);

testSection('RFC 5280 section 6.1.3 (a)(4)', [
  refuses('an issuer with another name', { leaf: { issuer: commonName('Somebody Else') } }, 'no-issuer'),
  refuses(
    'an issuer whose name merely starts alike',
    {
      issuers: [{ subject: name(['2.5.4.10', 'A'], ['2.5.4.3', 'B']) }],
      leaf: { issuer: name(['2.5.4.10', 'A']) },
    },
    'no-issuer',
  ),
]);

testSection('RFC 5280 section 4.1.2.5', [
  accepts('GeneralizedTime from 2050 on', { root: { notAfter: generalized('20500101000000Z') } }),
  refuses('GeneralizedTime before 2050', { leaf: { notAfter: generalized('20260729000000Z') } }, 'bad-time'),
  refuses(
    "it in an issuer's notBefore too",
    { issuers: [{ notBefore: generalized('20210101000000Z') }] },
    'bad-time',
  ),
]);

testSection('RFC 5280 section 4.1.2.5.1', [
  refuses('UTCTime without seconds', { leaf: { notAfter: utc('2607290000Z') } }, 'bad-time'),
  refuses('UTCTime with an offset', { leaf: { notAfter: utc('260729000000+0000') } }, 'bad-time'),
]);

testSection('RFC 5280 section 4.1.2.5.2', [
  refuses(
    'GeneralizedTime with a fraction',
    { root: { notAfter: generalized('20500101000000.5Z') } },
    'bad-time',
  ),
  refuses('local time', { root: { notAfter: generalized('20500101000000') } }, 'bad-time'),
]);

testSection('RFC 5280 section 4.1.2.5', [
  refuses('a day that does not exist', { leaf: { notAfter: utc('260730256060Z') } }, 'bad-time'),
  refuses('text that is no time', { leaf: { notBefore: utc('yesterday') } }, 'bad-time'),
  accepts('UTCTime 50 as 1950', { root: { notBefore: utc('500101000000Z') } }),
]);

testSection('RFC 5280 section 6.1.3 (a)(2)', [
  accepts('at the first second', {}, { at: new Date('2026-05-01T00:00:00Z') }),
  refuses('a second before it', {}, 'not-yet-valid', { at: new Date('2026-04-30T23:59:59Z') }),
  refuses('a millisecond before it', {}, 'not-yet-valid', { at: new Date('2026-04-30T23:59:59.999Z') }),
  accepts('at the last second', {}, { at: new Date('2026-07-29T00:00:00Z') }),
  accepts('within the last second', {}, { at: new Date('2026-07-29T00:00:00.999Z') }),
  refuses('a second after it', {}, 'expired', { at: new Date('2026-07-29T00:00:01Z') }),
  refuses('an expired issuer', { issuers: [{ notAfter: new Date('2026-01-01T00:00:00Z') }] }, 'expired'),
  refuses('an expired root', { root: { notAfter: new Date('2026-01-01T00:00:00Z') } }, 'expired'),
  refuses(
    'a leaf whose notAfter lies before its notBefore',
    { leaf: { notBefore: new Date('2026-07-01T00:00:00Z'), notAfter: new Date('2026-05-01T00:00:00Z') } },
    'not-yet-valid',
  ),
]);

testSection('RFC 5280 section 4.1.2.8', [
  refuses(
    'a subject unique identifier',
    { leaf: { uniqueIds: der.context(2, false, Buffer.from([0, 1])) } },
    'unique-identifier',
  ),
  refuses(
    'an issuer unique identifier',
    { issuers: [{ uniqueIds: der.context(1, false, Buffer.from([0, 1])) }] },
    'unique-identifier',
  ),
]);

testSection('RFC 5280 section 4.2', [
  refuses(
    'an extension that comes twice',
    { leaf: { extensions: { again: ext.dns('www.example.com') } } },
    'duplicate-extension',
  ),
  refuses(
    'an unknown extension that comes twice',
    { issuers: [{ extensions: { one: ext.unknown(false), two: ext.unknown(false) } }] },
    'duplicate-extension',
  ),
  accepts('an unknown extension that is not critical', {
    leaf: { extensions: { unknown: ext.unknown(false) } },
  }),
  refuses(
    'an unknown critical extension in the leaf',
    { leaf: { extensions: { unknown: ext.unknown(true) } } },
    'unknown-critical-extension',
  ),
  refuses(
    'one in an issuer',
    { issuers: [{ extensions: { unknown: ext.unknown(true) } }] },
    'unknown-critical-extension',
  ),
  refuses(
    'one in a root',
    { root: { extensions: { unknown: ext.unknown(true) } } },
    'unknown-critical-extension',
  ),
  refuses(
    'one in a root of a public programme',
    {
      root: { extensions: { unknown: ext.unknown(true) } },
      leaf: { extensions: { policies: ext.policies('2.23.140.1.2.1') } },
    },
    'unknown-critical-extension',
    { isPublic: true },
  ),
]);

testSection('X.690 section 11.5', [
  refuses(
    'a default criticality written out',
    {
      leaf: {
        extensions: {
          odd: der.sequence(
            der.oid('1.3.6.1.4.1.55555.2'),
            der.boolean(false),
            der.octetString(der.nullValue()),
          ),
        },
      },
    },
    'malformed-extension',
  ),
]);

testSection('RFC 5280 section 4.2', [
  refuses(
    'bytes behind the value of a known extension',
    {
      leaf: {
        extensions: {
          eku: extension(
            '2.5.29.37',
            false,
            Buffer.concat([der.sequence(der.oid('1.3.6.1.5.5.7.3.1')), Buffer.from([5, 0])]),
          ),
        },
      },
    },
    'malformed-extension',
  ),
  refuses(
    'an empty list of extensions',
    {
      leaf: {
        extensions: { ski: null, aki: null, basicConstraints: null, keyUsage: null, eku: null, san: null },
      },
    },
    'malformed-extension authority-key-id-missing subject-alt-name-missing extended-key-usage-missing name-mismatch',
  ),
]);

testSection('RFC 6962 section 3.1', [
  refuses(
    'a precertificate',
    { leaf: { extensions: { poison: extension('1.3.6.1.4.1.11129.2.4.3', true, der.nullValue()) } } },
    'precertificate',
  ),
]);
