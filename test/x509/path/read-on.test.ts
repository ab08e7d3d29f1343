import * as der from '../../support/der-writer.js';
import { commonName, extension } from '../../support/pki.js';
import { ext, eku } from '../../support/chain.js';
import { accepts, refuses, testSection, type CaseOptions } from './cases.js';

const rfc5280: CaseOptions = { profile: 'rfc5280' };
const twoFaultsAnd = (more: string): string =>
  `${more} extended-key-usage-critical key-usage-empty wrong-key-usage`;
/** Two faults that must show whatever else is malformed. */
const twoFaults = { keyUsage: ext.keyUsage(), eku: ext.eku([eku.server], true) };
const emptyRdn = der.element(0x31, Buffer.alloc(0));
const malformedSequence = Buffer.from([0x30, 0x05, 0x02]);

testSection('one unreadable corner does not hide the rest', [
  refuses(
    'an empty RDN in the subject',
    { leaf: { subject: der.sequence(emptyRdn), extensions: twoFaults } },
    twoFaultsAnd('malformed-certificate'),
  ),
  refuses(
    'an attribute without a value in the subject',
    {
      leaf: {
        subject: der.sequence(der.element(0x31, der.sequence(der.oid('2.5.4.3')))),
        extensions: twoFaults,
      },
    },
    twoFaultsAnd('malformed-certificate'),
  ),
  refuses(
    'a serial number that is not minimal',
    { leaf: { serial: der.element(2, Buffer.from([0, 5])), extensions: twoFaults } },
    twoFaultsAnd('bad-serial-number'),
  ),
  refuses(
    'an extension without a value',
    { leaf: { extensions: { ...twoFaults, odd: der.sequence(der.oid('1.2.3.4')) } } },
    twoFaultsAnd('malformed-extension'),
  ),
  refuses(
    'an extension that cannot be read, and the ones behind it',
    {
      leaf: {
        extensions: {
          ...twoFaults,
          odd: der.sequence(
            der.oid('2.5.29.99'),
            der.element(1, Buffer.from([7])),
            der.octetString(Buffer.alloc(0)),
          ),
          behind: ext.unknown(true),
        },
      },
    },
    twoFaultsAnd('malformed-extension unknown-critical-extension'),
  ),
  accepts('a Common Name of several attributes', { leaf: { subject: commonName('www.example.com') } }),
]);

testSection('a malformed extension keeps its criticality', [
  refuses(
    'a critical authorityKeyIdentifier',
    { leaf: { extensions: { aki: extension('2.5.29.35', true, malformedSequence) } } },
    'authority-key-id-critical malformed-extension',
  ),
  refuses(
    'a critical subjectKeyIdentifier',
    { leaf: { extensions: { ski: extension('2.5.29.14', true, malformedSequence) } } },
    'malformed-extension subject-key-id-critical',
  ),
  refuses(
    'a critical authorityInfoAccess',
    { leaf: { extensions: { aia: extension('1.3.6.1.5.5.7.1.1', true, malformedSequence) } } },
    'information-access-critical malformed-extension',
  ),
  refuses(
    'a critical extendedKeyUsage',
    { leaf: { extensions: { eku: extension('2.5.29.37', true, malformedSequence) } } },
    'extended-key-usage-critical malformed-extension',
  ),
  refuses(
    'an uncritical one',
    { leaf: { extensions: { eku: extension('2.5.29.37', false, malformedSequence) } } },
    'malformed-extension',
  ),
]);

testSection('X.690 section 11 holds within values too', [
  refuses(
    'a keyUsage with zero bits at its end',
    {
      leaf: { extensions: { keyUsage: extension('2.5.29.15', true, der.bitString(Buffer.from([0x80]), 0)) } },
    },
    'not-der',
  ),
  accepts('a keyUsage that ends with its last bit', { leaf: { extensions: { keyUsage: ext.keyUsage(0) } } }),
  refuses(
    'cA FALSE written out',
    {
      leaf: {
        extensions: {
          basicConstraints: extension('2.5.29.19', true, der.sequence(der.element(1, Buffer.from([0])))),
        },
      },
    },
    'not-der',
  ),
  accepts(
    'cA FALSE written out where only RFC 5280 counts',
    {
      leaf: {
        extensions: {
          basicConstraints: extension('2.5.29.19', true, der.sequence(der.element(1, Buffer.from([0])))),
        },
      },
    },
    rfc5280,
  ),
]);
