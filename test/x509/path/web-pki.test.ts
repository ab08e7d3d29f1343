import * as der from '../../support/der-writer.js';
import { commonName } from '../../support/pki.js';
import {
  eku,
  ext,
  generalName,
  keyIdOf,
  name,
  sharedKey,
  type ChainSpec,
  type LinkSpec,
} from '../../support/chain.js';
import { accepts, refuses, testSection, type CaseOptions } from './cases.js';

const { dns, ip } = generalName;
const rfc5280: CaseOptions = { profile: 'rfc5280' };
const rootId = keyIdOf(sharedKey(0));
const namedIssuer = [der.context(1, true, generalName.directory(commonName('CA')))];
const namedSerial = [der.context(2, false, Buffer.from([1]))];

testSection('Baseline Requirements section 7.1.2.1 (roots)', [
  refuses(
    'an extendedKeyUsage',
    { root: { extensions: { eku: ext.eku([eku.server]) } } },
    'root-extended-key-usage',
  ),
  accepts(
    'one where only RFC 5280 counts',
    { root: { extensions: { eku: ext.eku([eku.server]) } } },
    rfc5280,
  ),
  refuses(
    "another key's identifier as its issuer's",
    { root: { extensions: { aki: ext.aki(Buffer.alloc(20, 1)) } } },
    'authority-key-id-mismatch',
  ),
  refuses(
    "its issuer's name",
    { root: { extensions: { aki: ext.aki(rootId, namedIssuer) } } },
    'authority-key-id-not-allowed',
  ),
  refuses(
    "its issuer's serial number",
    { root: { extensions: { aki: ext.aki(rootId, namedSerial) } } },
    'authority-key-id-not-allowed',
  ),
  refuses(
    'both',
    { root: { extensions: { aki: ext.aki(rootId, [...namedIssuer, ...namedSerial]) } } },
    'authority-key-id-not-allowed',
  ),
  refuses(
    'an empty authorityKeyIdentifier',
    { root: { extensions: { aki: ext.aki(null) } } },
    'authority-key-id-mismatch authority-key-id-missing',
  ),
  accepts(
    'both where only RFC 5280 counts',
    { root: { extensions: { aki: ext.aki(rootId, [...namedIssuer, ...namedSerial]) } } },
    rfc5280,
  ),
]);

const leafAki = ext.aki(keyIdOf(sharedKey(1)), [...namedIssuer, ...namedSerial]);

testSection('Baseline Requirements section 7.1.2.11.1', [
  refuses(
    "its issuer's name and serial number in a leaf",
    { leaf: { extensions: { aki: leafAki } } },
    'authority-key-id-not-allowed',
  ),
  refuses(
    'them in an issuer',
    { issuers: [{ extensions: { aki: ext.aki(rootId, namedSerial) } }] },
    'authority-key-id-not-allowed',
  ),
  accepts('them in a client', { leaf: { extensions: { aki: leafAki } } }, { purpose: 'client', host: null }),
]);

testSection('Baseline Requirements section 7.1.2.7.10', [
  refuses(
    'a server without extendedKeyUsage',
    { leaf: { extensions: { eku: null } } },
    'extended-key-usage-missing',
  ),
  accepts('it where only RFC 5280 counts', { leaf: { extensions: { eku: null } } }, rfc5280),
  refuses(
    'any purpose',
    { leaf: { extensions: { eku: ext.eku([eku.server, eku.any]) } } },
    'extended-key-usage-not-allowed',
  ),
  accepts(
    'any purpose where only RFC 5280 counts',
    { leaf: { extensions: { eku: ext.eku([eku.any]) } } },
    rfc5280,
  ),
  ...(['codeSigning', 'email', 'ocsp'] as const).map((purpose) =>
    refuses(
      `the purpose ${purpose}`,
      { leaf: { extensions: { eku: ext.eku([eku.server, eku[purpose]]) } } },
      'extended-key-usage-not-allowed',
    ),
  ),
  refuses(
    'a critical extendedKeyUsage',
    { leaf: { extensions: { eku: ext.eku([eku.server], true) } } },
    'extended-key-usage-critical',
  ),
  accepts('a purpose of somebody else beside serverAuth', {
    leaf: { extensions: { eku: ext.eku([eku.server, '1.3.6.1.4.1.55555.3']) } },
  }),
]);

testSection('Baseline Requirements section 7.1.2.7.11', [
  refuses(
    'a leaf that may sign CRLs',
    { leaf: { extensions: { keyUsage: ext.keyUsage(0, 6) } } },
    'leaf-key-usage',
  ),
  accepts('keyEncipherment beside digitalSignature', {
    leaf: { extensions: { keyUsage: ext.keyUsage(0, 2) } },
  }),
]);

testSection('Baseline Requirements section 7.1.2.7.12', [
  refuses(
    'a critical subjectAltName beside a subject',
    { leaf: { extensions: { san: ext.san([dns('www.example.com')], true) } } },
    'subject-alt-name-critical',
  ),
  accepts(
    'it where only RFC 5280 counts',
    { leaf: { extensions: { san: ext.san([dns('www.example.com')], true) } } },
    rfc5280,
  ),
  refuses(
    'a server without subjectAltName',
    { leaf: { extensions: { san: null } } },
    'subject-alt-name-missing',
    { host: null },
  ),
]);

const caLeaf: LinkSpec = {
  extensions: { basicConstraints: ext.basicConstraints(true), keyUsage: ext.keyUsage(0, 5), eku: null },
};

testSection('Baseline Requirements section 7.1.2.7.8', [
  refuses('a CA as server', { leaf: caLeaf }, 'leaf-is-ca'),
  refuses(
    'a CA that its keyUsage does not let sign',
    { leaf: { extensions: { basicConstraints: ext.basicConstraints(true) } } },
    'ca-without-key-cert-sign leaf-is-ca',
  ),
  accepts('a CA as server where only RFC 5280 counts', { leaf: caLeaf }, rfc5280),
  accepts('a CA as client', { leaf: caLeaf }, { purpose: 'client', host: null }),
  accepts('a CA that nothing can follow (RFC 5280 section 4.2.1.9)', {
    issuers: [{ extensions: { basicConstraints: ext.basicConstraints(true, 0) } }],
    leaf: caLeaf,
  }),
]);

const called = (common: string, ...names: readonly Buffer[]): ChainSpec => ({
  leaf: { subject: commonName(common), extensions: { san: ext.san(names) } },
});
const nobody: CaseOptions = { host: null };
const notInNames = 'common-name-not-in-subject-alt-name';

testSection('Baseline Requirements section 7.1.4.3', [
  accepts(
    'a Common Name that is one of the names',
    called('b.example', dns('a.example'), dns('b.example')),
    nobody,
  ),
  accepts('an address that is one of the names', called('192.0.2.1', ip('192.0.2.1')), nobody),
  accepts(
    'an IPv6 address in canonical text',
    called('2001:db8::1:0:0:1', ip('2001:db8:0:0:1:0:0:1')),
    nobody,
  ),
  accepts('no Common Name', { leaf: { subject: name(['2.5.4.10', 'Example']) } }, nobody),
  accepts(
    'a Common Name that is no host name',
    called('The web server of Example', dns('a.example')),
    nobody,
  ),
  accepts('the parent domain of a name', called('example.com', dns('a.b.example.com')), nobody),
  accepts('the domain of a wildcard', called('example.com', dns('*.example.com')), nobody),
  refuses('another host name', called('b.example.com', dns('a.example.com')), notInNames, nobody),
  refuses('a host name in another case', called('A.example', dns('a.example')), notInNames, nobody),
  refuses('a U-label', called('b\u00fccher.example', dns('xn--bcher-kva.example')), notInNames, nobody),
  refuses(
    'a wildcard that is not among the names',
    called('*.example.com', dns('www.example.com')),
    notInNames,
    nobody,
  ),
  refuses('an address beside public names', called('192.0.2.2', dns('a.example.com')), notInNames, nobody),
  refuses('another address, publicly', called('192.0.2.2', ip('192.0.2.1')), `${notInNames} policy-missing`, {
    ...nobody,
    isPublic: true,
  }),
  ...['0xC0000201', '3221225985', '192.0.002.001', '0300.0.2.1', '192.0.513'].map((text) =>
    refuses(`the address as ${text}`, called(text, ip('192.0.2.1')), notInNames, nobody),
  ),
  ...['2001:DB8::1', '2001:db8:0:0:0:0:0:1', '2001:0db8::1'].map((text) =>
    refuses(`the address as ${text}`, called(text, ip('2001:db8::1')), notInNames, nobody),
  ),
  accepts('another host name where no public CA may have issued', called('b.corp', dns('a.lan')), nobody),
  accepts('another address where no public CA may have issued', called('10.0.0.2', ip('10.0.0.1')), nobody),
  accepts('a number', called('4711', dns('a.example.com')), nobody),
  accepts('another host name where only RFC 5280 counts', called('b.example.com', dns('a.example.com')), {
    ...nobody,
    ...rfc5280,
  }),
]);

const issued = (from: string, until: string): LinkSpec => ({
  notBefore: new Date(from),
  notAfter: new Date(until),
  extensions: { policies: ext.policies('2.23.140.1.2.1') },
});
const publicly = (at: string): CaseOptions => ({ isPublic: true, at: new Date(at) });

testSection('Baseline Requirements section 6.3.2', [
  accepts(
    '398 days issued before 2026-03-15',
    { leaf: issued('2026-03-14T00:00:00Z', '2027-04-15T23:59:59Z') },
    publicly('2026-06-01'),
  ),
  refuses(
    'a second more',
    { leaf: issued('2026-03-14T00:00:00Z', '2027-04-16T00:00:00Z') },
    'validity-too-long',
    publicly('2026-06-01'),
  ),
  accepts(
    '200 days issued on 2026-03-15',
    { leaf: issued('2026-03-15T00:00:00Z', '2026-09-30T23:59:59Z') },
    publicly('2026-06-01'),
  ),
  refuses(
    'a second more',
    { leaf: issued('2026-03-15T00:00:00Z', '2026-10-01T00:00:00Z') },
    'validity-too-long',
    publicly('2026-06-01'),
  ),
  accepts(
    '100 days issued on 2027-03-15',
    { leaf: issued('2027-03-15T00:00:00Z', '2027-06-22T23:59:59Z') },
    publicly('2027-06-01'),
  ),
  refuses(
    'a second more',
    { leaf: issued('2027-03-15T00:00:00Z', '2027-06-23T00:00:00Z') },
    'validity-too-long',
    publicly('2027-06-01'),
  ),
  accepts(
    '47 days issued on 2029-03-15',
    { leaf: issued('2029-03-15T00:00:00Z', '2029-04-30T23:59:59Z') },
    publicly('2029-04-01'),
  ),
  refuses(
    'a second more',
    { leaf: issued('2029-03-15T00:00:00Z', '2029-05-01T00:00:00Z') },
    'validity-too-long',
    publicly('2029-04-01'),
  ),
  accepts("ten years below an operator's root", {
    leaf: issued('2026-03-15T00:00:00Z', '2036-03-15T00:00:00Z'),
  }),
]);

const publicLeaf = (extensions: Record<string, Buffer | null>): ChainSpec => ({
  leaf: { extensions: { policies: ext.policies('2.23.140.1.2.2'), ...extensions } },
});
const inPublic: CaseOptions = { isPublic: true };

testSection('Baseline Requirements, publicly trusted certificates only', [
  accepts('a certificate with a reserved policy', publicLeaf({}), inPublic),
  refuses('one without policies', publicLeaf({ policies: null }), 'policy-missing', inPublic),
  refuses(
    'one with foreign policies only',
    publicLeaf({ policies: ext.policies('1.2.3.4') }),
    'policy-missing',
    inPublic,
  ),
  refuses(
    'a mailbox among the names',
    publicLeaf({ san: ext.san([dns('www.example.com'), generalName.email('a@example.com')]) }),
    'name-type-not-allowed',
    inPublic,
  ),
  refuses(
    'an internal name',
    publicLeaf({ san: ext.dns('www.example.com', 'server.corp') }),
    'internal-name',
    inPublic,
  ),
  refuses(
    'a bare host name',
    publicLeaf({ san: ext.dns('www.example.com', 'server') }),
    'internal-name',
    inPublic,
  ),
  accepts(
    "all of these below an operator's root",
    publicLeaf({
      policies: null,
      san: ext.san([dns('www.example.com'), dns('server.corp'), generalName.email('a@example.com')]),
    }),
  ),
  refuses(
    'the parent domain as Common Name',
    {
      leaf: { subject: commonName('example.com'), extensions: { policies: ext.policies('2.23.140.1.2.1') } },
    },
    notInNames,
    inPublic,
  ),
  accepts(
    "a programme's root with faults of its own",
    {
      root: { serial: der.integer(-1), extensions: { ski: null, basicConstraints: null } },
      leaf: publicLeaf({}).leaf!,
    },
    inPublic,
  ),
  refuses(
    "a programme's root that has expired",
    { root: { notAfter: new Date('2026-05-20T00:00:00Z') }, leaf: publicLeaf({}).leaf! },
    'expired',
    inPublic,
  ),
]);
