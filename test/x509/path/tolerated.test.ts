import * as der from '../../support/der-writer.js';
import { ext, type ChainSpec } from '../../support/chain.js';
import { accepts, refuses, testSection, type Case, type CaseOptions } from './cases.js';

const rfc5280: CaseOptions = { profile: 'rfc5280' };

/** Refused by the web's rules, and taken where RFC 5280 alone counts. */
const tolerated = (name: string, chain: ChainSpec, code: string): readonly Case[] => [
  refuses(name, chain, code),
  accepts(`${name} where only RFC 5280 counts`, chain, rfc5280),
];

const generalized = (text: string): Buffer => der.element(0x18, Buffer.from(text));

testSection('RFC 5280 section 4, what issuers must not do and relying parties must take', [
  ...tolerated('a negative serial number', { leaf: { serial: der.integer(-7) } }, 'bad-serial-number'),
  ...tolerated('the serial number zero', { issuers: [{ serial: der.integer(0) }] }, 'bad-serial-number'),
  ...tolerated(
    'GeneralizedTime before 2050',
    { leaf: { notBefore: generalized('20260501000000Z') } },
    'bad-time',
  ),
  ...tolerated(
    'a unique identifier',
    { leaf: { uniqueIds: der.context(1, false, Buffer.from([0, 1])) } },
    'unique-identifier',
  ),
  ...tolerated(
    'basicConstraints that are not critical',
    { issuers: [{ extensions: { basicConstraints: ext.basicConstraints(true, undefined, false) } }] },
    'basic-constraints-not-critical',
  ),
  ...tolerated(
    'policyConstraints that are not critical',
    { issuers: [{ extensions: { pc: ext.policyConstraints(5, null, false) } }] },
    'policy-constraints-not-critical',
  ),
  ...tolerated(
    'inhibitAnyPolicy that is not critical',
    { issuers: [{ extensions: { any: ext.inhibitAny(1, false) } }] },
    'inhibit-any-policy-not-critical',
  ),
  ...tolerated(
    'no authorityKeyIdentifier',
    { leaf: { extensions: { aki: null } } },
    'authority-key-id-missing',
  ),
  ...tolerated(
    'a CA without subjectKeyIdentifier',
    { issuers: [{ extensions: { ski: null } }] },
    'subject-key-id-missing',
  ),
]);

testSection('RFC 5280 section 4, what nobody has to take', [
  refuses(
    'a serial number of 21 octets',
    { leaf: { serial: der.integer(1n << 167n) } },
    'bad-serial-number',
    rfc5280,
  ),
  refuses(
    'GeneralizedTime with a fraction',
    { leaf: { notBefore: generalized('20260501000000.5Z') } },
    'bad-time',
    rfc5280,
  ),
  refuses(
    'GeneralizedTime of local time',
    { leaf: { notBefore: generalized('20260501000000') } },
    'bad-time',
    rfc5280,
  ),
]);
